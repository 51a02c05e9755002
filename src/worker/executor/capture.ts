/** Reads one of a child's pipes to its end. */
import { Socket } from 'node:net';
import type { Stream } from '../../domain/output/frame.ts';
import type { OutputSink } from './executor.ts';

/**
 * One buffer for all reads of all children: a read is handed on before the next begins. So `yes` at full speed allocates
 * nothing.
 */
const BUFFER = Buffer.allocUnsafe(64 * 1024);

export class Capture {
  readonly #socket: Socket;
  /** How many reads there were. */
  reads = 0;

  constructor(readEnd: number, stream: Stream, sink: OutputSink) {
    this.#socket = new Socket({
      fd: readEnd,
      readable: true,
      writable: false,
      onread: {
        buffer: BUFFER,
        callback: (length, buffer) => {
          this.reads += 1;
          sink.write(stream, buffer.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket.on('error', () => this.#socket.destroy());
  }

  /** Whether every writer has closed the pipe and all of it was read, or {@link close} was called. */
  get closed(): boolean {
    return this.#socket.destroyed;
  }

  /** Reads no more. Whoever still writes gets SIGPIPE. */
  close(): void {
    this.#socket.destroy();
  }
}
