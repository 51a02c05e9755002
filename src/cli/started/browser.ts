/** The browser of the person at the terminal. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** @returns false where there is none to start: no desktop, or no program that opens addresses. */
export async function browse(url: string, env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const opener = openerOf(env);
  if (opener === null) return false;
  const child = spawn(opener, [url], { detached: true, stdio: 'ignore' });
  try {
    await once(child, 'spawn');
    child.unref();
    return true;
  } catch {
    return false;
  }
}

function openerOf(env: Readonly<Record<string, string | undefined>>): string | null {
  if (process.platform === 'darwin') return 'open';
  if (process.platform === 'win32') return null;
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? 'xdg-open' : null;
}
