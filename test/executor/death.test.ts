/** No child outlives the process that started it, by whatever signal that dies. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { long } from '../support/long.ts';
import { EXECUTORS, isAlive, processesWith, untilProcesses } from './harness.ts';

const FIXTURE = fileURLToPath(new URL('fixture-worker.ts', import.meta.url));

describe.concurrent.each(EXECUTORS)('when the process of the $name executor dies', ({ name }) => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGSEGV'] as const)('of %s, no child is left', async (signal) => {
    const { fixture, mark } = await startFixture(name);
    await kill(fixture, signal);
    await untilNoneIsLeft(mark);
  });

  it(`of SIGKILL, ${long ? 200 : 5} times at random instants, no child is left`, async () => {
    const round = async (): Promise<void> => {
      const { fixture, mark } = await startFixture(name);
      await new Promise((resolve) => setTimeout(resolve, randomInt(120)));
      await kill(fixture, 'SIGKILL');
      await untilNoneIsLeft(mark);
    };
    for (let rounds = 0; rounds < (long ? 40 : 1); rounds++) await Promise.all([1, 2, 3, 4, 5].map(round));
  }, 600_000);

  it('what a command left on purpose at its end stays, and what others are doing goes', async () => {
    const { fixture, mark } = await startFixture(name, 'leave');
    const left = new Set(processesWith('LEFT=1'));
    const daemons = processesWith(`MARK=${mark}`).filter((pid) => left.has(pid));
    try {
      expect(daemons).toHaveLength(2);
      await kill(fixture, 'SIGKILL');
      await untilProcesses('only those are left', () => processesWith(`MARK=${mark}`).length === daemons.length);
      expect(processesWith(`MARK=${mark}`)).toEqual(daemons);
    } finally {
      for (const pid of daemons) process.kill(pid, 'SIGKILL');
    }
  });

  it('no child is left, also when its watchdog had died before it', async () => {
    const { fixture, mark } = await startFixture(name);
    const [watchdog = 0] = watchdogsOf(fixture);
    expect(isAlive(watchdog)).toBe(true);
    process.kill(watchdog, 'SIGKILL');
    await untilProcesses('another watchdog', () => watchdogsOf(fixture).some((pid) => pid !== watchdog));
    await kill(fixture, 'SIGKILL');
    await untilNoneIsLeft(mark);
  });

  it('its watchdog goes as well, and no signal but KILL ends it before', async () => {
    const { fixture, mark } = await startFixture(name);
    const [watchdog = 0] = watchdogsOf(fixture);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.kill(watchdog, signal);
    await kill(fixture, 'SIGKILL');
    await untilNoneIsLeft(mark);
    await untilProcesses('the watchdog is gone', () => !isAlive(watchdog));
  });
});

/** In a group of its own, so that nothing reaches it but what the test sends. */
async function startFixture(
  name: string,
  ...more: readonly string[]
): Promise<{ fixture: ChildProcess; mark: string }> {
  const mark = randomUUID();
  const fixture = spawn(process.execPath, [FIXTURE, name, mark, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  if (fixture.stdout) await once(fixture.stdout, 'data');
  return { fixture, mark };
}

async function kill(fixture: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = once(fixture, 'exit');
  fixture.kill(signal);
  await gone;
}

function untilNoneIsLeft(mark: string): Promise<void> {
  return untilProcesses('no child is left', () => processesWith(`MARK=${mark}`).length === 0);
}

function watchdogsOf(fixture: ChildProcess): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
        const isWatchdog = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('jobsched-watchdog');
        return Number(parent) === fixture.pid && isWatchdog;
      } catch {
        return false;
      }
    });
}
