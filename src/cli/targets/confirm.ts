/** A question before something that cannot be undone: only to a person, never to a script. */
import type { Session } from '../session.ts';
import { escapeLine } from '../format/escape.ts';

/** Whether there is somebody to ask. */
export function canAsk({ err, mayAsk }: Pick<Session, 'err' | 'mayAsk'>): boolean {
  return mayAsk && process.stdin.isTTY && err.isTTY === true;
}

/** Anything but `y` or `yes` is no, and so is the end of the input. */
export async function confirm({ err }: Pick<Session, 'err'>, question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline');
  const reader = createInterface({ input: process.stdin, output: err, terminal: false });
  err.write(`${escapeLine(question)} [y/N] `);
  try {
    for await (const line of reader) return /^y(?:es)?$/i.test(line.trim());
    return false;
  } finally {
    reader.close();
    process.stdin.destroy();
  }
}
