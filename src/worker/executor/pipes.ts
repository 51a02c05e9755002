/**
 * Real pipes for children.
 *
 * Node gives its children socket pairs, and a socket cannot be opened through `/dev/stdout` or `/dev/stderr`: with them
 * `echo failed >/dev/stderr`, which half of all shell scripts contain, dies of ENXIO. FIFOs, opened at both ends and
 * unlinked at once, are pipes in every respect. `mkfifo` makes 64 in one process, so a run pays about 0.1 ms for its two
 * [measured]; nothing stays on disk. They are made ahead, while others are left, so that no run waits for it: a process is
 * started and ends in some milliseconds. Where descriptors are short one is made at a time, and where a folder takes no
 * FIFO (it is full, or may not be written to) the next is tried.
 */
import { execFile, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makePipeFolder } from './pipe-folder.ts';

/** Both ends are file descriptors that no child inherits unless it is handed them. */
export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

const BATCH = 64;
/** With fewer than these left, more are made ahead: the pipes of as many runs as begin in one turn, or some more. */
const FEW = 24;
const READ = constants.O_RDONLY | constants.O_NONBLOCK;
const WRITE = constants.O_WRONLY;
/** Linux and macOS let a FIFO be opened for both. A writer that is a reader as well never meets EPIPE or SIGPIPE. */
const NEVER_BROKEN = constants.O_RDWR | constants.O_NONBLOCK;

/** Where FIFOs lie for the moment in which they are made: the first of these that takes them. */
export type PipeFolders = readonly string[];

export function defaultPipeFolders(): PipeFolders {
  return [tmpdir(), '/dev/shm', homedir()];
}

/** Pipes made ahead. */
export class PipePool {
  readonly #folders: PipeFolders;
  readonly #spare: Pipe[] = [];
  /** Whether descriptors were enough for a whole batch the last time. */
  #plenty = false;
  #making = false;
  #closed = false;

  constructor(folders: PipeFolders) {
    this.#folders = folders;
  }

  /** @throws the system's error (EMFILE, ENOSPC…) when none can be made. */
  take(): Pipe {
    const pipe = this.#spare.pop();
    if (pipe) {
      if (this.#spare.length < FEW) void this.#makeAhead();
      return pipe;
    }
    this.#spare.push(...this.#make());
    return this.take();
  }

  /** Never rejects: what is in the way will be told by the `take` that finds none. */
  async #makeAhead(): Promise<void> {
    if (this.#making || this.#closed || !this.#plenty) return;
    this.#making = true;
    const made = await makePipesMeanwhile(BATCH, WRITE, this.#folders).catch(() => []);
    this.#making = false;
    this.#plenty = made.length > 0;
    this.#spare.push(...made);
    if (this.#closed) this.close();
  }

  #make(): Pipe[] {
    try {
      const made = makePipes(BATCH, WRITE, this.#folders);
      this.#plenty = true;
      return made;
    } catch (error) {
      if (!isShortOfDescriptors(error)) throw error;
      this.#plenty = false;
      return makePipes(1, WRITE, this.#folders);
    }
  }

  /** Closes those that nobody took, and those that are being made. */
  close(): void {
    this.#closed = true;
    for (const pipe of this.#spare.splice(0)) closePipe(pipe);
  }
}

/** A pipe whose write end neither blocks nor breaks when its reader is gone. */
export function makeUnbreakablePipe(folders: PipeFolders): Pipe {
  const [pipe] = makePipes(1, NEVER_BROKEN, folders);
  if (!pipe) throw new Error('mkfifo made nothing');
  return pipe;
}

export function closePipe(pipe: Pipe): void {
  closeSync(pipe.readEnd);
  closeSync(pipe.writeEnd);
}

/** @throws what the first folder refused with, when all refuse. */
function makePipes(count: number, writeFlags: number, folders: PipeFolders): Pipe[] {
  let refusal: Error | null = null;
  for (const folder of folders) {
    try {
      return makePipesIn(folder, count, writeFlags);
    } catch (error) {
      if (!(error instanceof Error) || isShortOfDescriptors(error)) throw error;
      refusal ??= error;
    }
  }
  throw refusal ?? new Error('there is no folder to make pipes in');
}

function isShortOfDescriptors(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}

/** The same in the first folder alone, while others go on. */
async function makePipesMeanwhile(count: number, writeFlags: number, [parent]: PipeFolders): Promise<Pipe[]> {
  if (parent === undefined) return [];
  const folder = makePipeFolder(parent);
  try {
    const paths = pathsIn(folder, count);
    await promisify(execFile)('mkfifo', ['-m', '600', ...paths], { env: SYSTEM_PATH });
    return openAll(paths, writeFlags);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makePipesIn(parent: string, count: number, writeFlags: number): Pipe[] {
  const folder = makePipeFolder(parent);
  try {
    const paths = pathsIn(folder, count);
    mkfifo(paths);
    return openAll(paths, writeFlags);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pathsIn(folder: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => join(folder, String(index)));
}

/** @throws the system's error when one of them cannot be opened; then none is open. */
function openAll(paths: readonly string[], writeFlags: number): Pipe[] {
  const opened: Pipe[] = [];
  try {
    for (const path of paths) opened.push(openBothEnds(path, writeFlags));
    return opened;
  } catch (error) {
    for (const pipe of opened) closePipe(pipe);
    throw error;
  }
}

function mkfifo(paths: readonly string[]): void {
  const done = spawnSync('mkfifo', ['-m', '600', ...paths], { stdio: ['ignore', 'ignore', 'pipe'], env: SYSTEM_PATH });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`mkfifo failed: ${done.stderr.toString().trim()}`);
}

const SYSTEM_PATH = { PATH: '/usr/local/bin:/usr/bin:/bin' };

/** The read end first: a FIFO without a reader cannot be opened for writing without waiting. */
function openBothEnds(path: string, writeFlags: number): Pipe {
  const readEnd = openSync(path, READ);
  try {
    return { readEnd, writeEnd: openSync(path, writeFlags) };
  } catch (error) {
    closeSync(readEnd);
    throw error;
  }
}
