import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProcess, type Process } from './process.ts';
import { ProcessTree } from './process-tree.ts';

const LEADER = 999_999_999;

/** Live processes of this test's, as they are, but in that session. */
let children: ChildProcess[];
let session: Process[];
let tree: ProcessTree;
beforeEach(() => {
  children = [];
  session = [];
  const table = {
    update: () => true,
    marked: () => [],
    inSession: () => session,
    childrenOf: () => [],
    forget: () => {},
  };
  tree = new ProcessTree(table, LEADER, '1@x');
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

function sleeper(): Process {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  children.push(child);
  const found = readProcess(child.pid ?? 0);
  if (!found) throw new Error('it is not there');
  return found;
}

const look = (): number[] | undefined => tree.living(false)?.map(({ pid }) => pid);

describe.runIf(process.platform === 'linux')('the tree of a command', () => {
  it('has all of its session, as long as its leader lives', () => {
    for (let looks = 0; looks < 10; looks++) expect(look()).toEqual([]);
    session = [sleeper()];
    expect(look()).toEqual(session.map(({ pid }) => pid));
  });

  it('has nobody of a stranger’s session, which comes by the number of its own', () => {
    tree.leaderEnded();
    for (let looks = 0; looks < 3; looks++) expect(look()).toEqual([]);
    session = [sleeper()];
    expect(look()).toEqual([]);
  });
});
