/**
 * Where log lines go: a file descriptor that may be slow, full or gone, and never holds the process up.
 *
 * Lines are written in the background, one write at a time. What cannot be written is dropped and counted, and the count
 * is told once there is room again. A terminal stopped by Ctrl-S, a reader that sleeps, a full disk under `> log`: with
 * the usual synchronous writes each of them would stop the renewal of leases.
 */
import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';

/** UTF-16 units of what waits to be written, at most. */
const MOST_WAITING = 2 ** 20;
/** Before a descriptor that is full for the moment is tried again. */
const AGAIN_MS = 100;

/**
 * The same pipe or terminal again, in a way that a write which would wait fails instead (EAGAIN): one that waits in a
 * thread would hold up the end of the process. What cannot be opened so, as a socket, is taken as it is; and a file too,
 * which nobody waits for, since its writers share their place in it: opened again it would have another, and they would
 * write over each other (`> log 2>&1`).
 */
function withoutWaiting(fd: number): number {
  try {
    if (fstatSync(fd).isFile()) return fd;
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK);
  } catch {
    return fd;
  }
}

export class LogLines {
  readonly #fd: number;
  #waiting = '';
  /** Of what is being written, what is left; null when nothing is. */
  #writing: Buffer | null = null;
  #isDue = false;
  #dropped = 0;

  constructor(fd: number) {
    this.#fd = withoutWaiting(fd);
  }

  /** Takes one line, with its line feed. Never throws and never waits. */
  write(line: string): void {
    if (this.#waiting.length + line.length > MOST_WAITING) {
      this.#dropped += 1;
      return;
    }
    this.#waiting += line;
    if (this.#writing !== null || this.#isDue) return;
    // All lines of this turn of the event loop in one piece.
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#next();
    });
  }

  /** What still waits, once, for a process that is about to end. */
  flush(): void {
    const rest = Buffer.concat([...(this.#writing ? [this.#writing] : []), this.#take()]);
    try {
      if (rest.length > 0) writeSync(this.#fd, rest);
    } catch {
      // There is nobody left to tell.
    }
  }

  #next(): void {
    const chunk = this.#take();
    this.#writing = chunk.length > 0 ? chunk : null;
    if (this.#writing) this.#push(chunk);
  }

  #take(): Buffer {
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = '';
    return bytes;
  }

  #push(chunk: Buffer): void {
    write(this.#fd, chunk, (error, written) => {
      if (error?.code === 'EAGAIN') {
        // A process that has nothing else to do ends: what waits is tried once more then.
        setTimeout(() => this.#push(chunk), AGAIN_MS).unref();
        return;
      }
      if (!error && written < chunk.length) {
        this.#writing = chunk.subarray(written);
        this.#push(this.#writing);
        return;
      }
      if (error) this.#dropped += countLines(chunk);
      else if (this.#dropped > 0) this.#tellDropped();
      this.#next();
    });
  }

  #tellDropped(): void {
    const line = `${JSON.stringify({ level: 40, msg: `${this.#dropped} log lines could not be written` })}\n`;
    this.#dropped = 0;
    // Also when there is no room for more: it is little, and would count itself else.
    this.#waiting += line;
  }
}

const countLines = (chunk: Buffer): number => chunk.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0);
