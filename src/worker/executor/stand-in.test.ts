import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { childrenOf, isAlive, processesWith, untilProcesses } from '../../../test/executor/harness.ts';
import { createStandIn, type StandIn } from './stand-in.ts';

let standIn: StandIn;
let deaths: number;
let children: ChildProcess[];
beforeEach(() => {
  deaths = 0;
  standIn = createStandIn(() => void deaths++);
  children = [];
});
afterEach(async () => {
  await standIn.close();
  for (const { pid = 0 } of children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    process.kill(-pid, 'SIGKILL');
  }
});

/** The leader of a group that says `up`. */
async function group(command: string, mark = ''): Promise<{ readonly pid: number; readonly end: Promise<unknown[]> }> {
  const child = spawn('sh', ['-c', `echo up; ${command}`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: '/usr/bin:/bin', ...(mark === '' ? {} : { JOBSCHED_MARK: mark }) },
  });
  children.push(child);
  const end = once(child, 'exit');
  await once(child.stdout, 'data');
  return { pid: child.pid ?? 0, end };
}

/** @param name a part of its command line. */
async function untilChild(parent: number, name: string): Promise<number> {
  let found: number | undefined;
  await untilProcesses(`a child ${name}`, () => ([found] = childrenOf(parent, name)) && found !== undefined);
  return found ?? 0;
}

const LIVES = 'sleep 600';
const DEAF = "trap '' TERM; while :; do sleep 0.05; done";

describe.runIf(process.platform === 'linux')('the stand-in', () => {
  it('sends TERM when an allowance runs out, and KILL later to who is deaf', async () => {
    const [obeys, deaf] = await Promise.all([group(LIVES), group(DEAF)]);
    for (const { pid } of [obeys, deaf]) standIn.allow(pid, 100, 1_500);
    expect(await obeys.end).toEqual([null, 'SIGTERM']);
    expect(await deaf.end).toEqual([null, 'SIGKILL']);
  });

  it('sends no TERM where both are due at once', async () => {
    const { pid, end } = await group("trap 'exit 7' TERM; while :; do sleep 0.05; done");
    standIn.allow(pid, 100, 100);
    expect(await end).toEqual([null, 'SIGKILL']);
  });

  it('ends with the group who left it, and nobody else', async () => {
    const left = (script: string): string => `(setsid sh -c "${script}" </dev/null >/dev/null 2>&1 &); ${LIVES}`;
    const [one, ten] = [`1@${randomUUID()}`, `11@${randomUUID()}`];
    await Promise.all([group(left(DEAF), one), group(left('exec sleep 600'), one), group(left(LIVES), ten)]);
    const withMark = (mark: string): number[] => processesWith(`JOBSCHED_MARK=${mark}`);
    try {
      await untilProcesses('all are there', () => withMark(one).length >= 5 && withMark(ten).length >= 4);
      const others = withMark(ten);
      for (const { pid = 0 } of children.slice(0, 2)) standIn.allow(pid, 100, 1_500);
      await untilProcesses('those are gone', () => withMark(one).length === 0);
      expect(withMark(ten)).toEqual(others);
    } finally {
      for (const pid of [...withMark(one), ...withMark(ten)]) process.kill(pid, 'SIGKILL');
    }
  });

  it('lets live whom it is told of again, and whom it is to forget', async () => {
    const [again, forgotten, other] = await Promise.all([group(LIVES), group(LIVES), group(LIVES)]);
    for (const { pid } of [again, forgotten, other]) standIn.allow(pid, 100, 200);
    standIn.allow(again.pid, 600_000, 600_000);
    standIn.forget(forgotten.pid);
    await other.end;
    expect(children.map(({ signalCode }) => signalCode)).toEqual([null, null, expect.any(String)]);
  });

  it('is done with many at once', async () => {
    const many = await Promise.all(Array.from({ length: 40 }, () => group(LIVES)));
    for (const { pid } of many) standIn.allow(pid, 600_000, 600_000);
    for (const { pid } of many) standIn.allow(pid, 100, 600_000);
    for (const { end } of many) expect(await end).toEqual([null, 'SIGTERM']);
  });

  it('goes on counting when who counts for it was killed, and is started again when it was itself', async () => {
    const [one, other] = await Promise.all([group(LIVES), group(LIVES)]);
    standIn.allow(one.pid, 600_000, 600_000);
    const shell = await untilChild(process.pid, 'jobsched-stand-in');
    const counts = await untilChild(shell, 'jobsched-stand-in');
    process.kill(counts, 'SIGKILL');
    await untilProcesses('it is gone', () => !isAlive(counts));
    standIn.allow(one.pid, 100, 200);
    await one.end;
    expect(deaths).toBe(0);
    process.kill(shell, 'SIGKILL');
    await untilProcesses('its death is seen', () => deaths === 1);
    standIn.allow(other.pid, 100, 200);
    await other.end;
  });

  it('starts nothing before there is something to watch, and nothing after its close', async () => {
    standIn.forget(1);
    await standIn.close();
    const { pid } = await group(LIVES);
    standIn.allow(pid, 0, 0);
    await standIn.close();
    expect(children.map(({ signalCode }) => signalCode)).toEqual([null]);
  });
});
