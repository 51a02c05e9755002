/** bee-queue with its own defaults. */
import BeeQueue from 'bee-queue';

export interface Nothing {
  readonly command: string;
}

export function beeQueue(port: number): BeeQueue<Nothing> {
  return new BeeQueue<Nothing>('bench', { redis: { host: '127.0.0.1', port } });
}

const BULK = 250;

export async function fillBee(queue: BeeQueue<Nothing>, count: number): Promise<void> {
  for (let done = 0; done < count; done += BULK) {
    await queue.saveAll(
      Array.from({ length: Math.min(BULK, count - done) }, () => queue.createJob({ command: 'true' })),
    );
  }
}
