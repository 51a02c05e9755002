/**
 * The stand-in: ends commands in place of this process, when that stands still (SIGSTOP, a debugger, a machine that does
 * nothing but swap) for so long that others may begin them anew. Of its death the watchdog takes care (`watchdog.ts`).
 *
 *   asleep ──first allowance──► watching ──an allowance runs out──► TERM, later KILL, to that tree
 *                                  └──this process is gone, or closes it──► gone
 *
 * One small `/bin/sh` in a session of its own reads lines from a pipe: `1234 6300 7300`, process group 1234 may live for 63 s
 * more without another such line, and gets its KILL after 73 s; `1234`, it is gone. While it has allowances it counts
 * time in steps of a second, each begun by a `sleep` whose end writes the line `t`. It reads the system's uptime, and
 * counts 2 s a step at most: what is frozen or suspended together with us has cost nobody an allowance.
 *
 * The tree is the group and all that have its mark in their environment (`process-table.ts`), which is read of the leader
 * before that is ended. Of a leader that had ended by itself, which waits as a zombie for us to look at it, only the group
 * is ended: who left it stays, since nobody can tell any more whose they are.
 *
 * A group's number cannot be another's by then: we tell of its end in the turn in which we come to know of it.
 *
 * Linux only: elsewhere there is no /proc to do this by, and commands outlive a process that stands still.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import type { Millis } from '../../domain/instant.ts';
import { signalGroup } from './group.ts';
import { closePipe, defaultPipeFolders, makeUnbreakablePipe, type Pipe } from './pipes.ts';
import { MARK } from './process-table.ts';
import { TO_MARKED } from './to-marked.ts';

/** In hundredths of a second, as the uptime is. A KILL that is not after the TERM means that there is to be none. */
const SCRIPT = `
trap '' HUP INT QUIT TERM PIPE
exec 2>/dev/null
up() { read -r up _ </proc/uptime; up=\${up%.*}\${up#*.}; }
count() { before=$up; up; step=$((up - before)); [ "$step" -le 200 ] || step=200; now=$((now + step)); }
drop() {
  case $allowed in *" $1:"*) rest=\${allowed#*" $1:"}; allowed="\${allowed%%" $1:"*} \${rest#* }" ;; esac
}
sleep_on() { (sleep 1; echo t >/proc/$$/fd/0) & asleep=$!; }
is_asleep() { [ "$asleep" ] && read -r _ _ state _ <"/proc/$asleep/stat" && [ "$state" != Z ]; }
mark_of() { tr '\\0' '\\n' </proc/$1/environ | grep -m1 '^${MARK}=[0-9]*@.'; }
${TO_MARKED}
look() {
  asked= killed=
  for one in $allowed; do
    group=\${one%%:*}; ends=\${one#*:}; term=\${ends%%:*}; ends=\${ends#*:}; kill=\${ends%%:*}; mark=\${ends#*:}
    [ "$now" -lt "$term" ] || [ "$mark" ] || mark=$(mark_of "$group")
    if [ "$now" -ge "$kill" ]; then
      kill -KILL "-$group"; drop "$group"
      [ -z "$mark" ] || killed="$killed
$mark"
    elif [ "$now" -ge "$term" ]; then
      kill -TERM "-$group"; kill -CONT "-$group"
      drop "$group"; allowed="$allowed$group:$kill:$kill:$mark "
      [ -z "$mark" ] || asked="$asked
$mark"
    fi
  done
  [ -z "$asked" ] || { to_marked TERM "\${asked#?}"; to_marked CONT "\${asked#?}"; }
  rounds=0; found=$killed
  while [ "$found" ] && [ "$rounds" -lt 40 ]; do to_marked KILL "\${killed#?}"; rounds=$((rounds + 1)); done
}
allowed=' '; now=0; asleep=; up
while read -r group term kill; do
  count
  if [ "$group" = t ]; then wait; asleep=; look
  else
    drop "$group"
    [ -z "$kill" ] || allowed="$allowed$group:$((now + term)):$((now + kill)): "
  fi
  is_asleep || [ -z "\${allowed## }" ] || sleep_on
done
`;

const CENTISECOND: Millis = 10;

export interface StandIn {
  /**
   * The command whose group it is may live on so long without another word: then TERM, unless the KILL is due by then,
   * and then KILL, to all of its tree.
   */
  allow(group: number, termMs: Millis, killMs: Millis): void;
  /** The group has ended. */
  forget(group: number): void;
  /** Resolves when it is gone. No more is allowed then. */
  close(): Promise<void>;
}

/**
 * Starts nothing before the first allowance.
 *
 * @param onDeath called when it died, or could not be started: with the next allowance it is started anew, and with the next
 *   renewal of each command it knows all again.
 */
export function createStandIn(onDeath: () => void): StandIn {
  return new ShellStandIn(onDeath);
}

class ShellStandIn implements StandIn {
  #pipe: Pipe | null = null;
  #shell: ChildProcess | null = null;
  #closed = process.platform !== 'linux';
  readonly #onDeath: () => void;

  constructor(onDeath: () => void) {
    this.#onDeath = onDeath;
  }

  allow(group: number, termMs: Millis, killMs: Millis): void {
    const [term, kill] = [termMs, killMs].map((ms) => Math.max(0, Math.floor(ms / CENTISECOND)));
    if (this.#closed) return;
    this.#shell ??= this.#start();
    this.#tell(`${group} ${term} ${kill}`);
  }

  forget(group: number): void {
    this.#tell(`${group}`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const shell = this.#shell;
    if (this.#pipe) closePipe(this.#pipe);
    this.#pipe = null;
    if (shell?.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return;
    const gone = once(shell, 'exit');
    shell.ref();
    // With its `sleep`.
    signalGroup(shell.pid, 'SIGKILL');
    await gone;
  }

  #tell(line: string): void {
    if (!this.#pipe) return;
    try {
      writeSync(this.#pipe.writeEnd, `${line}\n`);
    } catch {
      this.#replace();
    }
  }

  /** The pipe is full: the shell has hung. One that was not told whom to forget could end somebody else's. */
  #replace(): void {
    if (this.#pipe) closePipe(this.#pipe);
    this.#pipe = null;
    const { pid } = this.#shell ?? {};
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
  }

  /** Null when it cannot be started: the next allowance tries again. */
  #start(): ChildProcess | null {
    try {
      const pipe = (this.#pipe ??= makeUnbreakablePipe(defaultPipeFolders()));
      const shell = spawn('/bin/sh', ['-c', SCRIPT, 'jobsched-stand-in'], {
        detached: true,
        cwd: '/',
        env: { PATH: '/usr/bin:/bin' },
        stdio: [pipe.readEnd, 'ignore', 'ignore'],
      });
      const onEnd = (): void => this.#died(shell);
      shell.on('error', onEnd).on('exit', onEnd);
      shell.unref();
      return shell;
    } catch {
      this.#onDeath();
      return null;
    }
  }

  #died(shell: ChildProcess): void {
    if (this.#shell !== shell) return;
    this.#shell = null;
    if (!this.#closed) this.#onDeath();
  }
}
