/** A worker for tests of the API: it claims runs and tells what became of them, and starts no child. */
import { randomUUID } from 'node:crypto';
import { workerId } from '../../src/domain/id.ts';
import type { Frame, Stream } from '../../src/domain/output/frame.ts';
import type { Store } from '../../src/store/store.ts';
import { TestWorker } from '../contract/test-worker.ts';

export function testWorker(store: Store, name = 'web-1'): TestWorker {
  return new TestWorker(() => store, workerId(randomUUID()), name);
}

export function frame(text: string | Uint8Array, stream: Stream = 'stdout', at = Date.UTC(2030, 0, 1)): Frame {
  return { stream, at, bytes: typeof text === 'string' ? Buffer.from(text) : text };
}
