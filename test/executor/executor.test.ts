/** `src/worker/executor/executor.ts` as a suite, with real processes. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Executor } from '../../src/worker/executor/executor.ts';
import { temporaryFolder } from '../support/folder.ts';
import { long } from '../support/long.ts';
import { EXECUTORS, isAlive, PATH, run, spec, start, untilProcesses } from './harness.ts';

describe.each(EXECUTORS)('the $name executor', ({ name, create }) => {
  let executor: Executor;
  beforeEach(() => {
    executor = create();
  });
  afterEach(() => executor.close());

  describe('ends with', () => {
    it.each([
      ['true', { status: 'succeeded' }],
      ['exit 3', { status: 'failed', reason: 'exit', exitCode: 3 }],
      ['no-such-program', { status: 'failed', reason: 'exit', exitCode: 127 }],
      ['kill -KILL $$', { status: 'failed', reason: 'signal', signal: 'SIGKILL' }],
      ['kill -TERM $$', { status: 'failed', reason: 'signal', signal: 'SIGTERM' }],
      ['if', { status: 'failed', reason: 'exit', exitCode: 2 }],
    ])('%s', async (command, outcome) => {
      expect((await run(executor, spec(command))).outcome).toEqual(outcome);
    });

    it('how long the command lived', async () => {
      const { durationMs } = await run(executor, spec('sleep 0.2'));
      expect(durationMs).toBeGreaterThanOrEqual(200);
    });
  });

  describe('captures', () => {
    it('the two streams apart', async () => {
      const { stdout, stderr } = await run(executor, spec('echo out; echo err >&2'));
      expect({ stdout, stderr }).toEqual({ stdout: 'out\n', stderr: 'err\n' });
    });

    it('what is written through /dev/stdout and /dev/stderr, which sockets do not allow', async () => {
      const { stdout, stderr } = await run(
        executor,
        spec('echo out >/dev/stdout; echo err | tee /dev/stderr >/dev/null'),
      );
      expect({ stdout, stderr }).toEqual({ stdout: 'out\n', stderr: 'err\n' });
    });

    it('nothing from a command that writes nothing', async () => {
      const { output } = await run(executor, spec('true'));
      expect(output.writes).toEqual([]);
    });

    it('every byte as it is', async () => {
      const all = Array.from({ length: 256 }, (_, byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
      const { output } = await run(executor, spec(`printf '${all}'`));
      expect(output.bytes('stdout')).toEqual(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
    });

    it('a line of 20 MB', async () => {
      const size = 20_000_000;
      const { output } = await run(executor, spec(`head -c ${size} /dev/zero | tr '\\0' x`));
      expect(sha(output.bytes('stdout'))).toBe(sha(Buffer.alloc(size, 'x')));
    });

    it('what arrives first, first, while the command still runs', async () => {
      const onSignal = 'n=$((n + 1)); [ $((n % 2)) = 0 ] && exec 4>&2 || exec 4>&1; echo $n- >&4';
      const { execution, output } = start(
        executor,
        spec(`trap '${onSignal}' USR1; echo up; while :; do sleep 0.01; done`),
      );
      await output.seen('up');
      const pid = (await execution.started) ?? 0;
      for (const n of [1, 2, 3, 4]) {
        process.kill(pid, 'SIGUSR1');
        await output.seen(`${n}-`);
      }
      expect(output.writes.map(({ stream }) => stream)).toEqual(['stdout', 'stdout', 'stderr', 'stdout', 'stderr']);
      execution.stop({ kind: 'cancelled' }, 0);
    });

    it('what was written in the instant before the exit', async () => {
      const command = spec('head -c 60000 /dev/zero; head -c 60000 /dev/zero >&2');
      const finished = await Promise.all(Array.from({ length: 20 }, () => run(executor, command)));
      expect(finished.map(({ output }) => output.bytes().length)).toEqual(finished.map(() => 120_000));
    });

    it(`${long ? 10_000 : 1_000} MB without the memory growing`, async () => {
      const megabytes = long ? 10_000 : 1_000;
      // What the first of it takes once and for all is no growth.
      await consume(executor, 50);
      const before = process.memoryUsage.rss();
      const { bytes, peak } = await consume(executor, megabytes);
      expect(bytes).toBe(megabytes * 1_000_000);
      expect(peak - before).toBeLessThan(64 * 1024 * 1024);
    }, 300_000);
  });

  describe('gives the command', () => {
    it('exactly its environment and its mark, but for what shells add', async () => {
      process.env['JOBSCHED_CANARY_SECRET'] = 'canary';
      try {
        const { stdout } = await run(executor, spec('env', { env: { PATH, GREETING: 'a b\nc' } }));
        const names = [...stdout.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
        expect(new Set(names.filter((name) => name !== 'PWD'))).toEqual(new Set(['GREETING', 'PATH', 'JOBSCHED_MARK']));
        expect(stdout).toContain('GREETING=a b\nc\n');
        expect(stdout).not.toContain('canary');
      } finally {
        delete process.env['JOBSCHED_CANARY_SECRET'];
      }
    });

    it('its working directory', async () => {
      await using folder = await temporaryFolder();
      const { stdout } = await run(executor, spec('pwd', { cwd: folder.path }));
      expect(stdout).toBe(`${folder.path}\n`);
    });

    it('its standard input and then the end of it', async () => {
      const { stdout } = await run(executor, spec('cat; echo end', { stdin: 'two\nlines\n' }));
      expect(stdout).toBe('two\nlines\nend\n');
    });

    it('a standard input larger than any pipe', async () => {
      const stdin = 'line\n'.repeat(600_000);
      const { output } = await run(executor, spec('cat', { stdin }));
      expect(sha(output.bytes('stdout'))).toBe(sha(Buffer.from(stdin)));
    });

    it('a standard input that it need not read', async () => {
      const { outcome } = await run(executor, spec('exec <&-; true', { stdin: 'x'.repeat(1_000_000) }));
      expect(outcome).toEqual({ status: 'succeeded' });
    });

    it('/dev/null when it has no input', async () => {
      const { stdout } = await run(executor, spec('cat; readlink /proc/$$/fd/0'));
      expect(stdout).toBe('/dev/null\n');
    });

    it('no file that it was not meant to have', async () => {
      const inherited = '/proc/self/fd';
      const { stdout } = await run(executor, spec(`sh -c 'for fd in ${inherited}/*; do readlink $fd; done'`));
      expect(stdout).not.toMatch(/socket|eventpoll|\.sqlite/);
      expect(stdout.match(/jobsched-pipes/g) ?? []).toHaveLength(2);
    });

    it('a process group and a session of its own', async () => {
      const { execution, done } = start(executor, spec('ps -o pid=,pgid=,sid= -p $$'));
      const pid = await execution.started;
      expect((await done).stdout.trim().split(/\s+/)).toEqual([String(pid), String(pid), String(pid)]);
    });

    it('the shell it asks for', async () => {
      expect((await run(executor, spec('echo $BASH_VERSION', { shell: '/bin/bash' }))).stdout).toMatch(/^\d/);
      expect((await run(executor, spec('echo $BASH_VERSION', { shell: 'bash' }))).stdout).toMatch(/^\d/);
    });

    it('a shell that is none', async () => {
      const { stdout } = await run(executor, spec('BEGIN { print "awk" }', { shell: await awkAsShell() }));
      expect(stdout).toBe('awk\n');
    });

    it('messages that count the lines as it does', async () => {
      const { stderr } = await run(executor, spec('true\nno-such-program'));
      expect(stderr).toMatch(/2: no-such-program/);
    });
  });

  describe('cannot start', () => {
    it.each([
      [{ cwd: '/no/such/folder' }, 'the working directory /no/such/folder does not exist'],
      [{ cwd: '/etc/passwd' }, 'the working directory /etc/passwd is not a directory'],
      [{ shell: '/no/such/sh' }, 'the shell /no/such/sh does not exist'],
      [{ shell: '/no/such/shell' }, 'the shell /no/such/shell does not exist'],
      [{ shell: '/etc/passwd' }, 'the shell /etc/passwd cannot be executed (EACCES)'],
      [{ env: { LONG: 'x'.repeat(4_000_000) } }, 'the command and its environment are too long for the system (E2BIG)'],
    ])('with %o, and says so', async (fields, detail) => {
      const { execution, done } = start(executor, spec('true', fields));
      expect(await execution.started).toBeNull();
      expect((await done).outcome).toEqual({ status: 'failed', reason: 'spawn', detail });
    });

    it('anything once it is closed', async () => {
      await executor.close();
      expect((await run(executor, spec('true'))).outcome).toMatchObject({ reason: 'spawn' });
    });
  });

  describe('a timeout', () => {
    it('ends the command with TERM', async () => {
      const { outcome } = await run(executor, spec('sleep 100', { timeoutMs: 50 }));
      expect(outcome).toEqual({ status: 'failed', reason: 'timeout', exitCode: null, signal: 'SIGTERM' });
    });

    it('leaves it the grace, and keeps what it says in it', async () => {
      const command = `trap 'echo cleaned; exit 5' TERM; while :; do sleep 0.01; done`;
      const { outcome, stdout } = await run(executor, spec(command, { timeoutMs: 100 }));
      expect(outcome).toEqual({ status: 'failed', reason: 'timeout', exitCode: 5, signal: null });
      expect(stdout).toBe('cleaned\n');
    });

    it('ends with KILL what ignores TERM', async () => {
      const { outcome } = await run(executor, spec(`trap '' TERM; sleep 100`, { timeoutMs: 50, killGraceMs: 50 }));
      expect(outcome).toEqual({ status: 'failed', reason: 'timeout', exitCode: null, signal: 'SIGKILL' });
    });

    it('ends what was stopped', async () => {
      const { outcome } = await run(executor, spec('kill -STOP $$; sleep 100', { timeoutMs: 50 }));
      expect(outcome).toMatchObject({ reason: 'timeout', signal: 'SIGTERM' });
    });

    it('does not come for a command that is done', async () => {
      expect((await run(executor, spec('true', { timeoutMs: 3_000_000_000 }))).outcome).toEqual({
        status: 'succeeded',
      });
    });
  });

  describe('a stop', () => {
    it('ends the command, whatever it exits with', async () => {
      const { execution, output, done } = start(
        executor,
        spec(`trap 'exit 0' TERM; echo up; while :; do sleep 0.01; done`),
      );
      await output.seen('up');
      execution.stop({ kind: 'cancelled' }, 10_000);
      expect((await done).outcome).toEqual({ status: 'cancelled', exitCode: 0, signal: null });
    });

    it('names the first cause, and the nearest KILL counts', async () => {
      const { execution, output, done } = start(executor, spec(`trap '' TERM; echo up; sleep 100`));
      await output.seen('up');
      execution.stop({ kind: 'cancelled' }, 100_000);
      execution.stop({ kind: 'lost', detail: 'too late' }, 0);
      execution.stop({ kind: 'lost', detail: 'too late' }, 100_000);
      expect((await done).outcome).toEqual({ status: 'cancelled', exitCode: null, signal: 'SIGKILL' });
    });

    it('does nothing after the end', async () => {
      const { execution, done } = start(executor, spec('true'));
      await done;
      execution.stop({ kind: 'cancelled' }, 0);
      expect((await execution.ended).outcome).toEqual({ status: 'succeeded' });
    });

    it('ends the whole group, also when its leader obeys and the others do not', async () => {
      const command = `sh -c 'trap "" TERM; echo $$; while :; do sleep 0.05; done' & wait`;
      const { execution, output, done } = start(executor, spec(command));
      await output.seen('\n');
      const stubborn = Number(output.text());
      execution.stop({ kind: 'cancelled' }, 100);
      expect((await done).outcome).toEqual({ status: 'cancelled', exitCode: null, signal: 'SIGTERM' });
      await untilProcesses('the stubborn one is gone', () => !isAlive(stubborn));
    });

    it('leaves the others of the group their grace when its leader obeys at once', async () => {
      const command = `sh -c 'trap "sleep 0.2; echo cleaned; exit" TERM; echo up; while :; do sleep 0.01; done' & wait`;
      const { execution, output, done } = start(executor, spec(command));
      await output.seen('up');
      execution.stop({ kind: 'cancelled' }, 10_000);
      expect((await done).stdout).toBe('up\ncleaned\n');
    });
  });

  describe('what outlives the command', () => {
    it('does not hold the run by holding its pipes', async () => {
      const { done, output } = start(executor, spec('setsid sleep 1000 & echo $!'));
      try {
        // Of the 1,000 s for which the pipes are held.
        expect((await done).durationMs).toBeLessThan(20_000);
      } finally {
        process.kill(Number(output.text()), 'SIGKILL');
      }
    });

    it('does not hold the run by writing for ever', async () => {
      const { outcome, output } = await run(executor, spec('yes >&2 & echo $!'));
      expect(outcome).toEqual({ status: 'succeeded' });
      await untilProcesses('SIGPIPE ended it', () => !isAlive(Number(output.text('stdout'))));
    });

    it('is left alone after an end that nobody asked for', async () => {
      const { stdout } = await run(executor, spec('nohup sleep 1000 >/dev/null 2>&1 & echo $!'));
      await executor.close();
      const background = Number(stdout);
      expect(isAlive(background)).toBe(true);
      process.kill(background, 'SIGKILL');
    });
  });

  it.skipIf(name !== 'node')(
    'starts what it can when files are short, says so of the rest, and loses none',
    async () => {
      await using folder = await temporaryFolder();
      const fixture = fileURLToPath(new URL('fixture-few-files.ts', import.meta.url));
      // Node needs some 25 itself, and a batch of pipes more than all.
      const args = ['-c', 'ulimit -n 72; exec "$@"', 'sh', process.execPath, fixture, folder.path];
      const { stdout } = await promisify(execFile)('/bin/sh', args);
      const seen = JSON.parse(stdout) as {
        taken: number;
        error: string;
        outcomes: { status: string; detail?: string }[];
      };
      expect(seen).toMatchObject({ error: 'EMFILE', leakedPipes: 0, again: { status: 'succeeded' }, leaked: 0 });
      expect(seen.taken).toBeGreaterThan(5);
      const started = seen.outcomes.filter(({ status }) => status === 'cancelled');
      const refused = seen.outcomes.filter(({ status }) => status === 'failed');
      expect(started.length).toBeGreaterThan(1);
      expect(refused.length).toBe(40 - started.length);
      expect(new Set(refused.map(({ detail }) => detail))).toEqual(
        new Set(['jobsched has too many files open (EMFILE)']),
      );
    },
  );

  it('closes by killing what runs', async () => {
    const { execution, output, done } = start(executor, spec(`trap '' TERM; echo up; sleep 100`));
    await output.seen('up');
    await executor.close();
    expect((await done).outcome).toMatchObject({ status: 'failed', reason: 'lost', signal: 'SIGKILL' });
    expect(isAlive((await execution.started) ?? 0)).toBe(false);
  });

  it('leaves no zombie and no open file behind', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, index) => run(executor, spec(`exit ${index % 2}`))));
    await executor.close();
    const { stdout } = await run((executor = create()), spec(`ps -o stat= --ppid ${process.pid}`));
    expect(stdout).not.toContain('Z');
  });

  /** A program that takes `-c` and is no shell: the executor may not write anything into its command. */
  async function awkAsShell(): Promise<string> {
    const folder = await temporaryFolder();
    cleanUp.push(() => folder.remove());
    await mkdir(join(folder.path, 'bin'));
    const path = join(folder.path, 'bin', 'awk-shell');
    await writeFile(path, '#!/bin/sh\nexec awk "$2"\n', { mode: 0o755 });
    return path;
  }
  const cleanUp: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const remove of cleanUp.splice(0)) await remove();
  });
});

function sha(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Runs a command that writes so many megabytes. @returns how many bytes came, and the most memory meanwhile. */
async function consume(executor: Executor, megabytes: number): Promise<{ bytes: number; peak: number }> {
  const step = 10_000_000;
  let bytes = 0;
  let peak = 0;
  let next = step;
  const execution = executor.start(spec(`yes | head -c ${megabytes}000000`), {
    write: (_stream, { length }) => {
      bytes += length;
      if (bytes < next) return;
      next += step;
      peak = Math.max(peak, process.memoryUsage.rss());
    },
  });
  await execution.ended;
  return { bytes, peak: Math.max(peak, process.memoryUsage.rss()) };
}
