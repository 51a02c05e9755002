/**
 * What systemd is told by a daemon that it started with `Type=notify`. It listens on a datagram socket, of a kind that Node
 * does not open, so systemd's own helper speaks for us.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Does nothing where systemd did not ask. @throws Error where the helper is missing, or fails. */
export async function tellReady(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { NOTIFY_SOCKET, PATH } = env;
  if (!NOTIFY_SOCKET) return;
  const child = spawn('systemd-notify', ['--ready'], { stdio: 'ignore', env: { NOTIFY_SOCKET, PATH } });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`systemd-notify exited with ${code}`);
}
