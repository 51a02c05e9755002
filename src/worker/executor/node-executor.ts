/** The executor on Node's `child_process`. */
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync } from 'node:fs';
import type { Clock } from '../../clock.ts';
import type { Logger } from '../../log.ts';
import { Capture } from './capture.ts';
import { NodeExecution } from './execution.ts';
import type { CommandSpec, Execution, Executor, OutputSink } from './executor.ts';
import { launch, type Name } from './launch.ts';
import { notStarted } from './not-started.ts';
import { removeAllPipeFolders, removePipeFoldersOfTheDead } from './pipe-folder.ts';
import { closePipe, defaultPipeFolders, PipePool, type Pipe, type PipeFolders } from './pipes.ts';
import { ProcessTable } from './process-table.ts';
import { ProcessTree } from './process-tree.ts';
import { describeSpawnError } from './spawn-error.ts';
import { Watchdog } from './watchdog.ts';

export interface NodeExecutorOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * Where the pipes of children may be made: the first that takes them. Nothing stays there, and what a process that was
   * killed left there goes. Default: the system's folder for temporary files, `/dev/shm`, and the user's home.
   */
  readonly pipeFolders?: PipeFolders;
  /**
   * A folder that no other process uses as long as this one lives, and in which this makes its first executor: whatever
   * pipes were left there go, also those of another boot, of which elsewhere nobody knows whether their maker lives. It is
   * the first of the pipe folders, too. Default: none.
   */
  readonly ownedFolder?: string;
}

export function createNodeExecutor(options: NodeExecutorOptions): Executor {
  return new NodeExecutor(options);
}

/** What was started. */
interface Launched {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly name: Name;
}

/** The three pipes of a child; the third is absent for an empty standard input. */
interface ChildPipes {
  readonly out: Pipe;
  readonly err: Pipe;
  readonly input: Pipe | null;
}

class NodeExecutor implements Executor {
  readonly #clock: Clock;
  readonly #watchdog: Watchdog;
  readonly #table: ProcessTable;
  readonly #pool: PipePool;
  /** Tells our commands from those of all other executors, anywhere. */
  readonly #id = randomUUID();
  readonly #executions = new Set<NodeExecution>();
  #lastNumber = 0;
  #closing: Promise<void> | null = null;

  constructor({ clock, logger, pipeFolders = defaultPipeFolders(), ownedFolder }: NodeExecutorOptions) {
    this.#clock = clock;
    if (ownedFolder !== undefined) removeAllPipeFolders(ownedFolder);
    removePipeFoldersOfTheDead(pipeFolders);
    const folders = ownedFolder === undefined ? pipeFolders : [ownedFolder, ...pipeFolders];
    this.#pool = new PipePool(folders);
    this.#table = new ProcessTable(clock, (mark) => mark.endsWith(`@${this.#id}`));
    this.#watchdog = new Watchdog(this.#id, folders, () => logger.warn('the watchdog died and is started again'));
  }

  start(spec: CommandSpec, sink: OutputSink): Execution {
    if (this.#closing) return notStarted('the executor is closed');
    try {
      return this.#start(spec, sink);
    } catch (error) {
      return notStarted(describeSpawnError(error, spec));
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #start(spec: CommandSpec, sink: OutputSink): Execution {
    const watchdog = this.#watchdog.wake();
    const pipes = this.#takePipes(spec.stdin !== null);
    const name = this.#name();
    const process = launchOn(pipes, spec, name, watchdog);
    if (process.pid === undefined) {
      closeOurEnds(pipes);
      return notStarted(spawnError(process).then((error) => describeSpawnError(error, spec)));
    }
    return this.#follow({ process, pid: process.pid, name }, pipes, spec, sink);
  }

  /** The watchdog's script knows what a mark looks like, too. */
  #name(): Name {
    const number = ++this.#lastNumber;
    return { number, mark: `${number}@${this.#id}` };
  }

  #follow({ process, pid, name }: Launched, pipes: ChildPipes, spec: CommandSpec, sink: OutputSink): Execution {
    const watchdog = this.#watchdog;
    watchdog.remember(name.number, pid);
    this.#table.started(pid);
    const captures = [new Capture(pipes.out.readEnd, 'stdout', sink), new Capture(pipes.err.readEnd, 'stderr', sink)];
    const tree = new ProcessTree(this.#table, pid, name.mark);
    const child = { process, tree, captures, stdin: pipes.input?.writeEnd ?? null };
    const execution = new NodeExecution(child, spec, this.#clock, {
      onGroupGone: () => {
        watchdog.forgetGroup(name.number);
        spec.onGroupGone?.();
      },
      onOver: () => {
        watchdog.forget(name.number);
        spec.onGroupGone?.();
      },
    });
    this.#executions.add(execution);
    void execution.ended.then(() => this.#executions.delete(execution));
    return execution;
  }

  #takePipes(withInput: boolean): ChildPipes {
    const taken: Pipe[] = [];
    const take = (): Pipe => {
      const pipe = this.#pool.take();
      taken.push(pipe);
      return pipe;
    };
    try {
      return { out: take(), err: take(), input: withInput ? take() : null };
    } catch (error) {
      for (const pipe of taken) closePipe(pipe);
      throw error;
    }
  }

  async #close(): Promise<void> {
    const executions = [...this.#executions];
    for (const execution of executions) execution.stop({ kind: 'lost', detail: 'the executor was closed' }, 0);
    await Promise.all(executions.map((execution) => execution.ended));
    await this.#watchdog.close();
    this.#pool.close();
    this.#table.close();
  }
}

/** Starts the child and closes the ends that are its own. When it throws, all ends are closed. */
function launchOn(pipes: ChildPipes, spec: CommandSpec, name: Name, watchdog: number): ChildProcess {
  try {
    return launch(spec, name, {
      stdin: pipes.input?.readEnd ?? 'ignore',
      stdout: pipes.out.writeEnd,
      stderr: pipes.err.writeEnd,
      watchdog,
    });
  } catch (error) {
    closeOurEnds(pipes);
    throw error;
  } finally {
    closeSync(pipes.out.writeEnd);
    closeSync(pipes.err.writeEnd);
    if (pipes.input) closeSync(pipes.input.readEnd);
  }
}

function closeOurEnds({ out, err, input }: ChildPipes): void {
  closeSync(out.readEnd);
  closeSync(err.readEnd);
  if (input) closeSync(input.writeEnd);
}

function spawnError(process: ChildProcess): Promise<Error> {
  return new Promise((resolve) => process.once('error', resolve));
}
