/** Who comes from a command, and what becomes of them at its end: with real processes, wherever they went. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Executor } from '../../src/worker/executor/executor.ts';
import { long } from '../support/long.ts';
import { EXECUTORS, isAlive, PATH, processesWith, run, spec, start, untilProcesses, type Started } from './harness.ts';

const CANCELLED = { kind: 'cancelled' } as const;
const fixture = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A process in a session of its own, without an open pipe, which nobody waits for. */
const daemon = (script: string): string => `(setsid sh -c '${script}' </dev/null >/dev/null 2>&1 &)`;

describe.runIf(process.platform === 'linux').each(EXECUTORS)(
  'the tree of a command of the $name executor',
  (tested) => {
    let executor: Executor;
    let mark: string;
    beforeEach(() => {
      executor = tested.create();
      mark = randomUUID();
    });
    afterEach(async () => {
      await executor.close();
      for (const pid of living()) process.kill(pid, 'SIGKILL');
    });

    const env = (): Record<string, string> => ({ PATH, MARK: mark, JOBSCHED_RUN_ID: 'x.1', JOBSCHED_FENCE: '1' });
    /** What this test has started and is still there, but for who has cleared his environment. */
    const living = (): number[] => processesWith(`MARK=${mark}`);
    const startOf = (command: string, by = executor): Started => start(by, spec(command, { env: env() }));

    /** Starts it, and waits for so many processes, its shell among them. */
    async function startMany(command: string, count: number): Promise<Started> {
      const started = startOf(command);
      await untilProcesses(`${count} processes`, () => living().length === count);
      return started;
    }

    describe('ends with it, when that was asked for,', () => {
      it.each([
        ['who made a session', 'setsid sleep 1000 & setsid sleep 1000 >/dev/null 2>&1 & wait', 3],
        ['a daemon, whose parent is gone', `${daemon('sleep 1000; true')}; sleep 1000; true`, 4],
        ['a job of a shell with job control', 'set -m; sleep 1000 & sleep 1000 & wait', 3],
        ['who was stopped', `${daemon('kill -STOP $$; true')}; kill -STOP $$; true`, 2],
        ['who ignores TERM', `${daemon('trap "" TERM; sleep 1000; true')}; trap "" TERM; sleep 1000; true`, 4],
      ])('%s', async (_who, command, count) => {
        const { execution, done } = await startMany(command, count);
        execution.stop(CANCELLED, 300);
        expect(await done).toMatchObject({ outcome: { status: 'cancelled' }, left: [] });
        expect(living()).toEqual([]);
      });

      it('all of it at a timeout', async () => {
        const ended = run(executor, spec(`${daemon('exec sleep 1000')}; sleep 1000`, { env: env(), timeoutMs: 300 }));
        expect(await ended).toMatchObject({ outcome: { reason: 'timeout' }, left: [] });
        expect(living()).toEqual([]);
      });

      it('who has a session of his own and no environment, as a child of one that is known', async () => {
        const command = `setsid sh -c 'env -i setsid /bin/sleep 1000 & echo $!; wait' & wait`;
        const { execution, done, output } = startOf(command);
        await output.seen('\n');
        const bare = Number(output.text());
        await untilProcesses('its environment is cleared', () => isAlive(bare) && !living().includes(bare));
        execution.stop(CANCELLED, 10_000);
        expect((await done).left).toEqual([]);
        expect(isAlive(bare)).toBe(false);
      });

      it('what a jobsched runs that the command started', async () => {
        const nested = `exec '${process.execPath}' '${fixture('fixture-worker.ts')}' ${tested.name} ${mark}`;
        const { execution, done, output } = startOf(nested);
        await output.seen('ready');
        execution.stop(CANCELLED, 0);
        await done;
        await untilProcesses('the nested watchdog has done its work', () => living().length === 0);
      });

      it('who is left by a shell that ended by itself, where none may be', async () => {
        const command = `${daemon('sleep 1000; true')}; sleep 1000 & exit 3`;
        const ended = run(executor, spec(command, { env: env(), mayLeaveOthers: () => false }));
        expect(await ended).toMatchObject({ outcome: { reason: 'exit', exitCode: 3 }, left: [] });
        expect(living()).toEqual([]);
      });

      it('who is never twice the same process', async () => {
        const { execution, done, output } = startOf(`sh '${fixture('fixture-hop.sh')}'; exec sleep 1000`);
        await output.seen('hop\nhop\nhop\n');
        execution.stop(CANCELLED, 100);
        expect((await done).left).toEqual([]);
        expect(living()).toEqual([]);
      });

      it('who multiplies in its group and out of it', async () => {
        const storm = 'while :; do (sleep 0.2; :) & setsid sh -c "sleep 0.2; :" & done';
        const { execution, done } = startOf(`trap "" TERM; (${storm}) & ${storm}`);
        await execution.started;
        await untilProcesses('there are many', () => living().length > 30);
        execution.stop(CANCELLED, 50);
        expect((await done).left).toEqual([]);
        expect(living()).toEqual([]);
      });

      it('200 stubborn trees at once, 1,000 in the long run', async () => {
        const stubborn = `trap "" TERM; ${daemon('trap "" TERM; sleep 1000; true')}; sleep 1000; true`;
        const trees = long ? 1_000 : 200;
        const started = Array.from({ length: trees }, () => startOf(stubborn));
        await untilProcesses('all run', () => living().length === trees * 4);
        for (const { execution } of started) execution.stop(CANCELLED, 500);
        const ended = await Promise.all(started.map(({ done }) => done));
        expect(ended.flatMap(({ left }) => left)).toEqual([]);
        expect(living()).toEqual([]);
      }, 120_000);
    });

    describe('has the grace:', () => {
      it('who left the group is asked when that is gone, and may clean up', async () => {
        const { execution, done, output } = startOf(
          `setsid sh -c 'trap "sleep 0.2; echo cleaned; exit" TERM; echo up; while :; do sleep 0.01; done' & wait`,
        );
        await output.seen('up');
        execution.stop(CANCELLED, 20_000);
        expect((await done).stdout).toBe('up\ncleaned\n');
      });

      it('a program ends its daemons itself', async () => {
        const { execution, done, output } = startOf(
          `
        setsid sh -c 'trap "echo asked" TERM; trap "echo bye; exit" USR1; echo $$; while :; do sleep 0.01; done' &
        trap 'sleep 0.3; kill -USR1 $(cat); wait; exit' TERM
        while :; do sleep 0.01; done <&-
      `.replace('$(cat)', '$!'),
        );
        await output.seen('\n');
        execution.stop(CANCELLED, 20_000);
        expect((await done).stdout).toMatch(/^\d+\nbye\n$/);
      });

      it('who left it is asked at half the grace, when the group does not end', async () => {
        const { execution, done, output } = startOf(
          `trap : TERM; setsid sh -c 'trap "echo asked; exit" TERM; echo up; while :; do sleep 0.01; done' & wait; wait`,
        );
        await output.seen('up');
        execution.stop(CANCELLED, 400);
        await output.seen('asked');
        expect((await done).outcome).toMatchObject({ signal: null, exitCode: 0 });
      });
    });

    describe('is nobody else:', () => {
      it('neither another command, nor the same run by another executor, nor what an ended one left', async () => {
        const other = tested.create();
        try {
          const command = `${daemon('exec sleep 1000')}; sleep 1000`;
          const others = [startOf(command), startOf(command, other)];
          const { left } = await run(executor, spec(daemon('exec sleep 1000'), { env: env() }));
          expect(left).toHaveLength(1);
          const one = await startMany(command, 10);
          one.execution.stop(CANCELLED, 0);
          expect((await one.done).left).toEqual([]);
          expect(living()).toHaveLength(7);
          expect(living()).toEqual(expect.arrayContaining([...left]));
          for (const { execution } of others) execution.stop(CANCELLED, 0);
          await Promise.all(others.map(({ done }) => done));
          expect(living()).toEqual([...left]);
        } finally {
          await other.close();
        }
      });
    });

    describe('is counted after an end of its own:', () => {
      it.each([
        ['nobody', 'true', 0],
        ['what was started with nohup', 'nohup sleep 1000 >/dev/null 2>&1 &', 1],
        ['daemons', `${daemon('sleep 1000; true')}; ${daemon('exec sleep 1000')}`, 3],
        ['who holds the pipes', 'setsid sleep 1000 & sleep 1000 &', 2],
        ['not who was just ending', 'sleep 0.02 >/dev/null 2>&1 & setsid sleep 0.02 >/dev/null 2>&1 & exit 3', 0],
      ])('%s', async (_who, command, count) => {
        const { left } = await run(executor, spec(command, { env: env() }));
        expect(left).toHaveLength(count);
        expect(new Set(living())).toEqual(new Set(left));
      });

      it('also when it ran for long, and many others did meanwhile', async () => {
        const { done, output } = startOf(`${daemon('exec sleep 1000')}; echo up; read -r _; :`);
        await output.seen('up');
        const others = Array.from({ length: 50 }, () => run(executor, spec('ls / | cat; sleep 0.01')));
        expect((await Promise.all(others)).flatMap(({ left }) => left)).toEqual([]);
        expect((await done).left).toHaveLength(1);
      });
    });

    it.skipIf(process.getuid?.() !== 0)('that may not be signalled is told, and holds nobody', async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [fixture('fixture-foreign.ts')]);
      const { outcome, left, pids } = JSON.parse(stdout) as { outcome: object; left: number[]; pids: number[] };
      for (const pid of left) process.kill(pid, 'SIGKILL');
      expect(outcome).toEqual({ status: 'cancelled', exitCode: null, signal: null });
      expect(left).toEqual(expect.arrayContaining(pids));
    });
  },
);
