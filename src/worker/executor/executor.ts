/**
 * An executor runs shell commands as child processes of this one, on this host. It knows nothing of jobs, leases or
 * stores. The Node implementation is `node-executor.ts`; `test/executor` is this file as a suite, for every implementation.
 *
 * What it promises of one execution:
 *
 *   starting ──► running ──exit──► draining ──► ended
 *       │           └──timeout, stop──► stopping ──the whole tree gone, or given up──┘▲
 *       └──cannot be started─────────────────────────────────────────────────────────┘
 *
 * - The command is the leader of its own session and process group, and gets exactly the environment it is given, and
 *   `JOBSCHED_MARK`, by which all that comes from it can be found.
 * - Standard output and error are pipes, captured apart, byte for byte, in the order in which they arrive.
 * - It ends when its leader exits, plus a short drain: a grandchild that holds a pipe does not hold the run, and what the
 *   command left in the background on purpose is left alone after an end that nobody asked for, and counted.
 * - An end that was asked for (timeout, `stop`) is for the whole tree, also for those who left the group: TERM, grace, KILL,
 *   and a look whether anybody is left (`tree-end.ts`, `process-tree.ts`). What cannot be killed is told, and holds nothing.
 * - The first cause wins: a command that is told to stop and then exits with 0 was stopped.
 * - No process of a running command outlives this one, by whatever signal it dies (`watchdog.ts`).
 */
import type { Millis } from '../../domain/instant.ts';
import type { Stream } from '../../domain/output/frame.ts';
import type { Outcome } from '../../domain/run.ts';

export interface CommandSpec {
  /** Given to `shell -c`. */
  readonly command: string;
  /** A path, or a name to be found on the PATH of `env`. */
  readonly shell: string;
  /** An absolute path. */
  readonly cwd: string;
  /** All of the command's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to its standard input, which is then closed. Null: `/dev/null`. */
  readonly stdin: string | null;
  /** Null: no limit. */
  readonly timeoutMs: Millis | null;
  /** Between TERM and KILL after a timeout. */
  readonly killGraceMs: Millis;
  /**
   * Asked when its shell ended before anybody told it to: whether others of it may stay. If not, they get KILL at once.
   * Default: yes.
   */
  readonly mayLeaveOthers?: () => boolean;
  /**
   * Called at least once before its end, in the turn in which its process group was found gone, or is left alone from then
   * on: the number may be another's.
   */
  readonly onGroupGone?: () => void;
}

export interface OutputSink {
  /**
   * What one read brought. Called in order, and never after the execution's end.
   *
   * @param bytes at least one, and only valid during the call: the buffer is used again for the next read.
   */
  write(stream: Stream, bytes: Uint8Array): void;
}

/** Why an execution is stopped by whoever started it. */
export type StopCause = { readonly kind: 'cancelled' } | { readonly kind: 'lost'; readonly detail: string };

export interface Ending {
  readonly outcome: Outcome;
  /** From the start to the exit of the shell; 0 for a command that could not be started. */
  readonly durationMs: Millis;
  /**
   * Process ids of what still ran of it at the end. After an end of its own that is what it left in the background; after
   * one that was asked for, what could not be killed. Where processes cannot be seen (macOS) its group stands for one.
   */
  readonly left: readonly number[];
}

export interface Execution {
  /** The process id, which is that of the group and the session as well, or null when the command could not be started. Never rejects. */
  readonly started: Promise<number | null>;
  /** Never rejects. */
  readonly ended: Promise<Ending>;
  /**
   * TERM now, KILL after `graceMs`, to the whole tree. Asked again it can only make the KILL come earlier. After the
   * end it does nothing.
   */
  stop(cause: StopCause, graceMs: Millis): void;
}

export interface Executor {
  /** Never throws: a command that cannot be started is an execution that ends with reason `spawn`. */
  start(command: CommandSpec, sink: OutputSink): Execution;
  /** Kills what still runs and resolves when nothing is left. Nothing can be started afterwards. Repeatable. */
  close(): Promise<void>;
}
