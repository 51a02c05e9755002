/** The editor of the person at the terminal. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** `$VISUAL`, else `$EDITOR`, else vi. Either may have flags, as in `code --wait`: a shell takes it apart. */
export function editorOf(env: Readonly<Record<string, string | undefined>>): string {
  return env['VISUAL'] || env['EDITOR'] || 'vi';
}

/** Resolves when the editor has ended. @returns whether it ended well. */
export async function runEditor(editor: string, file: string): Promise<boolean> {
  const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
  // Ctrl-C in an editor is the editor's.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0;
  } finally {
    process.off('SIGINT', ignore);
  }
}
