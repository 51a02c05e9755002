import { expect, test } from 'vitest';
import { runExitCode } from './run-exit-code.ts';

test.each([
  [{ status: 'succeeded', exit_code: 0, signal: null }, 0],
  [{ status: 'failed', exit_code: 3, signal: null }, 3],
  [{ status: 'failed', exit_code: null, signal: 'SIGKILL' }, 137],
  [{ status: 'cancelled', exit_code: null, signal: 'SIGTERM' }, 143],
  [{ status: 'failed', exit_code: 0, signal: null }, 125],
  [{ status: 'failed', exit_code: null, signal: null }, 125],
  [{ status: 'skipped', exit_code: null, signal: null }, 125],
] as const)('%j exits with %d', (run, code) => expect(runExitCode(run)).toBe(code));
