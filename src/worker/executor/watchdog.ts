/**
 * The watchdog: ends all children when this process dies, by whatever signal.
 *
 *   asleep ──first child──► watching ──it dies──► restarted, told everything again
 *                              └──close──► gone
 *
 * One small `/bin/sh` in a session of its own (so that Ctrl-C in this process's terminal passes it by) reads lines from a
 * pipe: `+ 1234`, a process group to end with us; `- 1234`, one that is gone. When the pipe's last writer is gone, so are
 * we: it sends TERM to the groups it knows, gives them up to two seconds, KILLs the rest, and exits.
 *
 * No instant is uncovered: each child is handed the pipe's write end, itself writes `+ <its pid>` as the first thing it
 * does, and closes it (`launch.ts`). If we are killed between its fork and that line, the pipe is still open by the child's
 * hand, so the watchdog hears of it before it sees the end. We write only `-`, in the same turn of the event loop in
 * which the child was reaped, so the number cannot be another's by then.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { closePipe, makeUnbreakablePipe, type Pipe, type PipeFolders } from './pipes.ts';

const SCRIPT = `
trap '' HUP INT QUIT TERM PIPE
groups=' '
while read -r what group; do
  case $what in
    +) groups="$groups$group " ;;
    -) case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
alive() { left=; for group in $groups; do kill -0 "-$group" && left=yes; done; [ "$left" ]; }
exec 2>/dev/null
for group in $groups; do kill -TERM "-$group"; kill -CONT "-$group"; done
turns=0
while alive && [ "$turns" -lt 40 ]; do turns=$((turns + 1)); sleep 0.05; done
for group in $groups; do kill -KILL "-$group"; done
`;

/** Before it is started anew, so that a `/bin/sh` that cannot live costs nothing. */
const RESTART_AFTER_MS = 100;

export class Watchdog {
  readonly #groups = new Set<number>();
  readonly #folders: PipeFolders;
  readonly #onDeath: () => void;
  #pipe: Pipe | null = null;
  #shell: ChildProcess | null = null;
  #restart: NodeJS.Timeout | null = null;
  #closed = false;

  /**
   * @param folders where its pipe may be made.
   * @param onDeath called when the watchdog itself died and is about to be started again.
   */
  constructor(folders: PipeFolders, onDeath: () => void) {
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
    if (!this.#shell) {
      this.#shell = this.#spawn(pipe);
      for (const group of this.#groups) writeSync(pipe.writeEnd, `+ ${group}\n`);
    }
    return pipe.writeEnd;
  }

  /** The child tells its group by itself; this is for the case that the watchdog has to be told again. */
  remember(group: number): void {
    this.#groups.add(group);
  }

  /** To be called in the turn in which the group's leader was reaped, or its group was found gone or killed. */
  forget(group: number): void {
    if (!this.#groups.delete(group) || !this.#pipe) return;
    try {
      // Written whole or not at all: a line is shorter than PIPE_BUF.
      writeSync(this.#pipe.writeEnd, `- ${group}\n`);
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
    const shell = spawn('/bin/sh', ['-c', SCRIPT, 'jobsched-watchdog'], {
      detached: true,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      stdio: [pipe.readEnd, 'ignore', 'ignore'],
    });
    shell.on('error', () => this.#died(shell));
    shell.on('exit', () => this.#died(shell));
    shell.unref();
    return shell;
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
