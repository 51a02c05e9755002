import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupIsAlive } from './group.ts';

const { readdirSync } = fs;
let scans = 0;
beforeEach(() => {
  scans = 0;
  fs.readdirSync = ((...args: Parameters<typeof readdirSync>) => {
    if (args[0] === '/proc') scans += 1;
    return readdirSync(...args);
  }) as typeof readdirSync;
  syncBuiltinESMExports();
});
afterEach(() => {
  fs.readdirSync = readdirSync;
  syncBuiltinESMExports();
});

const sleeper = (): ChildProcess => spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe.runIf(process.platform === 'linux')('the look at the process table', () => {
  it('is shared by all who ask in a turn, and taken anew in the next', async () => {
    const children = Array.from({ length: 5 }, sleeper);
    const groups = children.map(({ pid = 0 }) => pid);
    expect(groups.map(groupIsAlive)).toEqual(groups.map(() => true));
    expect(scans).toBe(1);
    const gone = children.map((child) => once(child, 'exit'));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(gone);
    await nextTurn();
    expect(groups.map(groupIsAlive)).toEqual(groups.map(() => false));
    const late = sleeper();
    const lateGone = once(late, 'exit');
    expect(groupIsAlive(late.pid ?? 0)).toBe(true);
    expect(scans).toBe(2);
    late.kill('SIGKILL');
    await lateGone;
  });
});
