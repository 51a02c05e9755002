/** What the executor suite runs over, and how it looks at what came of a command. */
import { readdirSync, readFileSync } from 'node:fs';
import { pino } from 'pino';
import { systemClock } from '../../src/clock.ts';
import type { Stream } from '../../src/domain/output/frame.ts';
import type { CommandSpec, Ending, Execution, Executor, OutputSink } from '../../src/worker/executor/executor.ts';
import { createNodeExecutor } from '../../src/worker/executor/node-executor.ts';

/** Every implementation: each must pass the whole suite. */
export const EXECUTORS: readonly { readonly name: string; readonly create: () => Executor }[] = [
  { name: 'node', create: () => createNodeExecutor({ clock: systemClock, logger: pino({ level: 'silent' }) }) },
];

/** Where commands find the system's programs. */
export const PATH = '/usr/local/bin:/usr/bin:/bin';

export function spec(command: string, fields: Partial<CommandSpec> = {}): CommandSpec {
  return {
    command,
    shell: '/bin/sh',
    cwd: '/',
    env: { PATH },
    stdin: null,
    timeoutMs: null,
    killGraceMs: 10_000,
    ...fields,
  };
}

/** A sink that keeps all, and tells when a text has come. */
export class Recorder implements OutputSink {
  readonly writes: { readonly stream: Stream; readonly bytes: Buffer }[] = [];
  #wanted: { readonly text: string; readonly resolve: () => void } | null = null;

  write(stream: Stream, bytes: Uint8Array): void {
    this.writes.push({ stream, bytes: Buffer.from(bytes) });
    if (this.#wanted && this.text().includes(this.#wanted.text)) this.#wanted.resolve();
  }

  bytes(stream?: Stream): Buffer {
    return Buffer.concat(this.writes.filter((one) => !stream || one.stream === stream).map((one) => one.bytes));
  }

  text(stream?: Stream): string {
    return this.bytes(stream).toString();
  }

  /** Resolves when both streams together contain the text. */
  async seen(text: string): Promise<void> {
    if (this.text().includes(text)) return;
    await new Promise<void>((resolve) => (this.#wanted = { text, resolve }));
  }
}

export interface Finished extends Ending {
  readonly stdout: string;
  readonly stderr: string;
  readonly output: Recorder;
}

export interface Started {
  readonly execution: Execution;
  readonly output: Recorder;
  readonly done: Promise<Finished>;
}

export function start(executor: Executor, command: CommandSpec): Started {
  const output = new Recorder();
  const execution = executor.start(command, output);
  const done = execution.ended.then((ending) => ({
    ...ending,
    stdout: output.text('stdout'),
    stderr: output.text('stderr'),
    output,
  }));
  return { execution, output, done };
}

export function run(executor: Executor, command: CommandSpec): Promise<Finished> {
  return start(executor, command).done;
}

/** Whether a process of that id exists and is no zombie. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The processes, zombies aside, that have this in their environment. */
export function processesWith(variable: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isAlive(pid) && environmentOf(pid).includes(variable));
}

/** The children of a process, zombies aside, that have this in their command line. */
export function childrenOf(parent: number, name: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => isAlive(pid) && parentOf(pid) === parent && commandLineOf(pid).includes(name));
}

function parentOf(pid: number): number | null {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN);
  } catch {
    return null;
  }
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Looks at the process table until the condition holds: the kernel tells nobody but a parent that a process is gone. */
export async function untilProcesses(what: string, condition: () => boolean): Promise<void> {
  const deadline = systemClock.monotonic() + 10_000;
  while (!condition()) {
    if (systemClock.monotonic() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
