/**
 * The watchdog: ends all children when this process dies, by whatever signal.
 *
 *   asleep ──first child──► watching ──it dies──► restarted, told everything again
 *                              └──close──► gone
 *
 * One small `/bin/sh` in a session of its own (so that Ctrl-C in this process's terminal passes it by, and `kill 0` in a
 * command) reads lines from a pipe: `+ 7 1234`, command 7 and its process group, to end with us, `-` for a group that is
 * gone before the rest of it; `- 7`, it is over. When the pipe's last writer is gone, so are we: it sends TERM to the groups
 * it knows and to all that have the mark of such a command in their environment, gives them up to two seconds, KILLs the
 * rest, and exits. What a command that is over left running has a mark of which nobody is told any more, and stays.
 *
 * No instant is uncovered: each child is handed the pipe's write end, itself writes `+ 7 <its pid>` as the first thing it
 * does, and closes it (`launch.ts`). If we are killed between its fork and that line, the pipe is still open by the child's
 * hand, so the watchdog hears of it before it sees the end. We write only `-`, in the same turn of the event loop in
 * which the child was reaped, so the number cannot be another's by then.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { watchdogName } from './last-moments.ts';
import { closePipe, makeUnbreakablePipe, type Pipe, type PipeFolders } from './pipes.ts';
import { MARK, WATCHDOG } from './process-table.ts';
import { TO_MARKED } from './to-marked.ts';

/**
 * $1: what all marks of this executor end with. The others: what it would have been told, `7:1234` or `7:-`, separated by
 * blanks. Who multiplies is killed again until none is found.
 */
const SCRIPT = `
trap '' HUP INT QUIT TERM PIPE USR1 USR2 ALRM TSTP TTIN TTOU
id=$1; shift
known=" $* "
while read -r what number group; do
  case $what$known in
    +*" $number:"*) ;;
    +*) known="$known$number:$group " ;;
    -*" $number:"*) rest="\${known#* $number:}"; known="\${known%% $number:*} \${rest#* }" ;;
  esac
done
exec 2>/dev/null
groups= marks=
for one in $known; do
  [ "\${one#*:}" = - ] || groups="$groups \${one#*:}"
  marks="$marks
${MARK}=\${one%%:*}@$id"
done
[ "$marks" ] || exit
marks=\${marks#?}
${TO_MARKED}
to_groups() {
  left=
  for group in $groups; do kill "-$1" "-$group" && left="$left $group"; done
  groups=$left
}
to_groups TERM; to_groups CONT
to_marked TERM "$marks"; to_marked CONT "$marks"
for pause in 0.05 0.1 0.2 0.4 0.6 0.6; do
  to_groups 0
  [ "$groups" ] || { to_marked 0 "$marks"; [ "$found" ]; } || break
  sleep "$pause"
done
to_groups KILL
turns=0
while to_marked KILL "$marks"; [ "$found" ] && [ "$turns" -lt 40 ]; do turns=$((turns + 1)); done
`;

/** An argument may have 128 KiB, and one of these has at most 30 bytes. */
const MOST_IN_ARGUMENT = 4_000;

/** Before it is started anew, so that a `/bin/sh` that cannot live costs nothing. */
const RESTART_AFTER_MS = 100;

export class Watchdog {
  /** By the command's number: its group, null when that is gone before the rest of it. */
  readonly #groups = new Map<number, number | null>();
  readonly #id: string;
  readonly #folders: PipeFolders;
  readonly #onDeath: () => void;
  #pipe: Pipe | null = null;
  #shell: ChildProcess | null = null;
  #restart: NodeJS.Timeout | null = null;
  #closed = false;

  /**
   * @param id what the marks of its commands end with: `<number>@<id>`.
   * @param folders where its pipe may be made.
   * @param onDeath called when the watchdog itself died and is about to be started again.
   */
  constructor(id: string, folders: PipeFolders, onDeath: () => void) {
    this.#id = id;
    this.#folders = folders;
    this.#onDeath = onDeath;
  }

  /**
   * Wakes it if it sleeps.
   *
   * @returns the file descriptor that a new child writes its line to.
   * @throws the system's error when it cannot be started.
   */
  wake(): number {
    const pipe = (this.#pipe ??= makeUnbreakablePipe(this.#folders));
    this.#shell ??= this.#spawn(pipe);
    return pipe.writeEnd;
  }

  /** The child tells it by itself; this is for the case that the watchdog has to be told again. */
  remember(number: number, group: number): void {
    this.#groups.set(number, group);
  }

  /** To be called in the turn in which its group was found gone, while others of the command may live. */
  forgetGroup(number: number): void {
    if (!this.#groups.has(number)) return;
    this.#groups.set(number, null);
    this.#write(minus(number) + plus(number, null));
  }

  /** To be called in the turn in which the group's leader was reaped, or nobody was left, or all were given up. */
  forget(number: number): void {
    if (this.#groups.delete(number)) this.#write(minus(number));
  }

  #write(lines: string): void {
    if (!this.#pipe) return;
    try {
      // Written whole or not at all: they are shorter than PIPE_BUF.
      writeSync(this.#pipe.writeEnd, lines);
    } catch {
      this.#replace();
    }
  }

  /** The shell's process id while it lives, for tests and for people who wonder about that `sh`. */
  get pid(): number | null {
    return this.#shell?.pid ?? null;
  }

  /** Resolves when it is gone. No child may be running. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#restart) clearTimeout(this.#restart);
    if (this.#pipe) closePipe(this.#pipe);
    this.#pipe = null;
    const shell = this.#shell;
    if (!shell) return;
    const gone = once(shell, 'exit');
    shell.ref();
    shell.kill('SIGKILL');
    await gone;
  }

  #spawn(pipe: Pipe): ChildProcess {
    const shell = spawn('/bin/sh', ['-c', SCRIPT, watchdogName(process.pid), this.#id, ...this.#known()], {
      detached: true,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', [WATCHDOG]: '1' },
      stdio: [pipe.readEnd, 'ignore', 'ignore'],
    });
    shell.on('error', () => this.#died(shell));
    shell.on('exit', () => this.#died(shell));
    shell.unref();
    return shell;
  }

  /** As arguments, which are there at once and whole: so many lines at once would not fit into the pipe. */
  #known(): string[] {
    const known = Array.from(this.#groups, ([number, group]) => `${number}:${group ?? '-'}`);
    const portions = Math.ceil(known.length / MOST_IN_ARGUMENT);
    return Array.from({ length: portions }, (_, index) =>
      known.slice(index * MOST_IN_ARGUMENT, (index + 1) * MOST_IN_ARGUMENT).join(' '),
    );
  }

  #died(shell: ChildProcess): void {
    if (this.#shell !== shell) return;
    this.#shell = null;
    if (this.#closed) return;
    this.#onDeath();
    this.#restart ??= setTimeout(() => this.#startAgain(), RESTART_AFTER_MS).unref();
  }

  /** The pipe is kept, so that children which are just starting are heard by the new shell. */
  #startAgain(): void {
    this.#restart = null;
    if (this.#closed || this.#groups.size === 0) return;
    try {
      this.wake();
    } catch {
      this.#restart = setTimeout(() => this.#startAgain(), RESTART_AFTER_MS).unref();
    }
  }

  /** The pipe is full: the shell has hung. A list with groups that are gone could end somebody else's, so begin anew. */
  #replace(): void {
    if (this.#pipe) closePipe(this.#pipe);
    this.#pipe = null;
    this.#shell?.kill('SIGKILL');
  }
}

const plus = (number: number, group: number | null): string => `+ ${number} ${group ?? '-'}\n`;
const minus = (number: number): string => `- ${number}\n`;
