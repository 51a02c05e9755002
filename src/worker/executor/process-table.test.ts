import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { asItIsNow, readProcess, signalProcess } from './process.ts';
import { ProcessTable } from './process-table.ts';

const { readdirSync } = fs;
let scans = 0;
let table: ProcessTable;
const children: ChildProcess[] = [];
beforeEach(() => {
  scans = 0;
  fs.readdirSync = ((...args: Parameters<typeof readdirSync>) => {
    if (args[0] === '/proc') scans += 1;
    return readdirSync(...args);
  }) as typeof readdirSync;
  syncBuiltinESMExports();
  table = new ProcessTable(systemClock, () => true);
});
afterEach(async () => {
  fs.readdirSync = readdirSync;
  syncBuiltinESMExports();
  table.close();
  for (const child of children.splice(0)) await end(child);
});

/** Of a mark of its own, and a session. */
function sleeper(mark: string): number {
  const env = { PATH: '/usr/bin:/bin', JOBSCHED_MARK: mark };
  const child = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore', env });
  children.push(child);
  return child.pid ?? 0;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const marked = (mark: string): number[] => [...table.marked(mark)].map(({ pid }) => pid);

describe.runIf(process.platform === 'linux')('the table of processes', () => {
  it('is read as a whole once, and then only where it is new', () => {
    const pids = ['a', 'b'].map(sleeper);
    expect(table.update(false)).toBe(true);
    expect([...marked('a'), ...marked('b')]).toEqual(pids);
    const third = sleeper('c');
    expect(table.update(false)).toBe(true);
    expect(marked('c')).toEqual([third]);
    expect([...table.inSession(third)].map(({ pid }) => pid)).toEqual([third]);
    expect([...table.childrenOf(process.pid)].map(({ pid }) => pid)).toEqual(expect.arrayContaining([...pids, third]));
    expect(scans).toBe(1);
  });

  it('does not look at what it was told of', () => {
    table.update(false);
    const own = sleeper('own');
    table.started(own);
    const other = sleeper('other');
    table.update(false);
    expect({ own: marked('own'), other: marked('other') }).toEqual({ own: [], other: [other] });
  });

  it('tells a process from one that comes by its number', () => {
    const pid = sleeper('d');
    table.update(false);
    const [found] = table.marked('d');
    if (!found) throw new Error('not found');
    expect(asItIsNow(found)?.pid).toBe(pid);
    const before = { ...found, startedAt: found.startedAt - 1 };
    signalProcess(before, 'SIGKILL');
    expect(asItIsNow(before)).toBeNull();
    expect(readProcess(pid)).not.toBeNull();
    signalProcess(found, 'SIGKILL');
    return once(children[0] as ChildProcess, 'exit');
  });

  it('does not know who has ended and is not reaped', async () => {
    const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 1000'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(parent);
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const zombie = Number(line.toString());
    while (fs.readFileSync(`/proc/${zombie}/stat`, 'latin1').split(') ')[1]?.[0] !== 'Z') {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(readProcess(zombie)).toBeNull();
  });
});
