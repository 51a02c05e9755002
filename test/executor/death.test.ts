/** No child outlives the process that started it, by whatever signal that dies. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Chance } from '../simulation/chance.ts';
import { long } from '../support/long.ts';
import { seed } from '../support/seed.ts';
import { watchedProcesses } from '../../src/worker/executor/last-moments.ts';
import { temporaryFolder } from '../support/folder.ts';
import { childrenOf, EXECUTORS, isAlive, processesWith, untilProcesses } from './harness.ts';

const FIXTURE = fileURLToPath(new URL('fixture-worker.ts', import.meta.url));
const MANY = fileURLToPath(new URL('fixture-many.ts', import.meta.url));

describe.concurrent.each(EXECUTORS)('when the process of the $name executor dies', ({ name }) => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGSEGV'] as const)('of %s, no child is left', async (signal) => {
    const { fixture, mark } = await startFixture(name);
    await kill(fixture, signal);
    await untilNoneIsLeft(mark);
  });

  it(`of SIGKILL, ${long ? 200 : 5} times at random instants (seed ${seed}), no child is left`, async () => {
    const chance = new Chance(seed);
    const round = async (): Promise<void> => {
      const { fixture, mark } = await startFixture(name);
      await new Promise((resolve) => setTimeout(resolve, chance.whole(0, 119)));
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

  it('no child is left, also when a shell’s own startup file had started an agent', async () => {
    await using folder = await temporaryFolder();
    const startup = join(folder.path, 'startup.sh');
    await writeFile(startup, 'AGENT=1 sleep 1000 >/dev/null 2>&1 &\n');
    const { fixture, mark } = await startFixture(name, 'bash', startup);
    const agents = processesWith('AGENT=1').filter((pid) => processesWith(`MARK=${mark}`).includes(pid));
    try {
      expect(agents).toHaveLength(1);
      await kill(fixture, 'SIGKILL');
      await untilProcesses('only that is left', () => processesWith(`MARK=${mark}`).length === 1);
    } finally {
      for (const pid of agents) process.kill(pid, 'SIGKILL');
    }
  });

  it('no child is left of 5,000, also of those of whom only the mark is known', async () => {
    const fixture = spawn(process.execPath, [MANY, '5000'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [mark] = (await once(fixture.stdout, 'data')) as [Buffer];
    const own = `JOBSCHED_MARK=${mark.toString().trim()}`;
    expect(processesWith(own)).toHaveLength(1);
    await kill(fixture, 'SIGKILL');
    await untilProcesses('it is gone', () => processesWith(own).length === 0);
  });

  it('can be seen to have children as long as one is left', async () => {
    const { fixture, mark } = await startFixture(name);
    const { pid = 0 } = fixture;
    await kill(fixture, 'SIGKILL');
    expect(watchedProcesses()).toContain(pid);
    await untilProcesses('it has none', () => !watchedProcesses().has(pid));
    await untilNoneIsLeft(mark);
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

function watchdogsOf({ pid = 0 }: ChildProcess): number[] {
  return childrenOf(pid, 'jobsched-watchdog');
}
