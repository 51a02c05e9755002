import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { createSuggest } from './did-you-mean.ts';
import { newJobBody } from '../schema/job-body.ts';
import { judge, refusal, type Fault } from './validate.ts';

const keys = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`bad-${index}`, 'x']));

/** Judges, and counts how often a suggestion was worked out. */
function judged(value: unknown): { readonly faults: readonly Fault[]; readonly compared: number } {
  let compared = 0;
  const suggest = createSuggest(() => {
    compared += 1;
    return null;
  });
  const result = judge(newJobBody, value, { suggest });
  if (result.ok) throw new Error('it is valid');
  return { faults: result.faults, compared };
}

describe('a body that is very wrong', () => {
  it.each([
    ['fields', keys(20_000), 'body'],
    ['variables', { command: 'true', env: keys(20_000) }, 'env'],
    ['tags', { command: 'true', tags: Array.from({ length: 20_000 }, () => 1) }, 'tags'],
    ['items', Array.from({ length: 20_000 }, () => 1), 'body'],
  ])('is not looked into when it has too many %s', (_, body, field) => {
    const { faults, compared } = judged(body);
    expect(faults.map((fault) => fault.field)).toEqual([field]);
    expect(compared).toBe(0);
  });

  it('is told 50 faults, and that there are more', () => {
    const { faults, compared } = judged(keys(200));
    expect(faults).toHaveLength(51);
    expect(compared).toBeLessThanOrEqual(50);
    const error = refusal(faults);
    expect(error.errors).toHaveLength(50);
    expect(error.message).toMatch(/ \(and more than 49 others\)$/);
  });

  it('is told how many faults there are, when these are all', () => {
    expect(refusal(judged({ ...keys(2), command: 'true' }).faults).message).toMatch(/ \(and 1 more\)$/);
  });

  it('has no more than 51 of its faults read', () => {
    let read = 0;
    function* issues(): Generator<unknown> {
      for (; read < 10_000; read += 1) yield { code: 'custom', path: [`field-${read}`], message: 'is wrong' };
    }
    const schema = { safeParse: () => ({ success: false, error: { issues: issues() } }) };
    expect(judge(schema as unknown as z.ZodType, {})).toMatchObject({ ok: false, all: false });
    expect(read).toBeLessThanOrEqual(51);
  });

  it('gets no suggestion for a name longer than any of ours', () => {
    expect(judged({ command: 'true', ['x'.repeat(100_000)]: 1 }).compared).toBe(0);
  });
});

describe('a field that breaks several rules', () => {
  it('is told of once', () => {
    const { faults } = judged({ command: '', name: 'x' });
    expect(faults.map(({ field }) => field)).toEqual(['command']);
  });
});
