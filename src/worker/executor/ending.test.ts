import { expect, it } from 'vitest';
import { outcomeOf } from './ending.ts';

const exit = (exitCode: number): { exitCode: number; signal: null } => ({ exitCode, signal: null });
const signal = { exitCode: null, signal: 'SIGTERM' };

it.each([
  [{ kind: 'own' }, exit(0), { status: 'succeeded' }],
  [{ kind: 'own' }, exit(7), { status: 'failed', reason: 'exit', exitCode: 7 }],
  [{ kind: 'own' }, signal, { status: 'failed', reason: 'signal', signal: 'SIGTERM' }],
  [{ kind: 'timeout' }, signal, { status: 'failed', reason: 'timeout', ...signal }],
  [{ kind: 'timeout' }, exit(0), { status: 'failed', reason: 'timeout', ...exit(0) }],
  [{ kind: 'cancelled' }, exit(0), { status: 'cancelled', ...exit(0) }],
  [{ kind: 'lost', detail: 'drained' }, signal, { status: 'failed', reason: 'lost', detail: 'drained', ...signal }],
] as const)('%o and %o', (cause, how, outcome) => {
  expect(outcomeOf(cause, how)).toEqual(outcome);
});
