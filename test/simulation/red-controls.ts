/** The red controls as tests: a simulation that finds nothing has to be one that would have found it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { MINUTE } from '../../src/domain/instant.ts';
import { long } from '../support/long.ts';
import type { EngineName } from './engine.ts';
import type { Noticed } from './fixture-red-controls.ts';
import { MUTANTS } from './mutants.ts';

/** Of seeds; most guards need fewer than ten. */
const MOST = 200;
/** The guards that everything else stands on, and that take few seeds. */
const FIRST_OF_ALL = ['fence and owner', 'compare-and-set of fire', 'lease', 'idempotent finish'];
const FIXTURE = fileURLToPath(new URL('fixture-red-controls.ts', import.meta.url));

export function testRedControls(engine: EngineName): void {
  const all = MUTANTS.filter(({ engines }) => engines.includes(engine)).map(({ name }) => name);
  const guards = long ? all : FIRST_OF_ALL;

  describe(`without a guard, some history on ${engine} is wrong`, () => {
    const noticed = new Map<string, Noticed>();

    beforeAll(async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [FIXTURE, engine, String(MOST), ...guards]);
      for (const line of stdout.trim().split('\n')) {
        const one = JSON.parse(line) as Noticed;
        noticed.set(one.mutant, one);
      }
    }, 5 * MINUTE);

    test.each(guards)('%s', (guard) => {
      expect(noticed.get(guard)?.violation).toMatch(/./);
    });
  });
}
