/** The program itself, built, as its user starts it. */
import { PROGRAM } from '../harness/packages.ts';
import { startNode, type Started } from '../load/process.ts';

export type Serving = Started & { readonly port: number };

export async function startServe(redis: string): Promise<Serving> {
  const started = await startNode([PROGRAM, 'serve', '--port', '0', '--redis-url', redis], isReady);
  const { url } = JSON.parse(started.ready) as { url: string };
  return { ...started, port: Number(new URL(url).port) };
}

export function startWorker(redis: string, ...flags: readonly string[]): Promise<Started> {
  return startNode([PROGRAM, 'worker', '--redis-url', redis, ...flags], isReady);
}

function isReady(line: string): boolean {
  return line.includes('"msg":"ready"');
}
