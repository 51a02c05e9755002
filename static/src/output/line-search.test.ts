import { expect, test } from 'vitest';
import type { LineMatches } from '../../../src/http/schema/output.ts';
import { LineSearch, MOST_GATHERED } from './line-search.ts';

/** A server whose output has the text in these lines. It looks at so many lines for one request. */
function searchIn(lines: readonly number[], perRequest = 100_000): LineSearch {
  const end = (lines.at(-1) ?? 0) + 10;
  return new LineSearch(async ({ from, limit }): Promise<LineMatches> => {
    const first = Number.parseInt(from, 10);
    const seen = lines.filter((n) => n >= first && n < first + perRequest);
    const given = seen.slice(0, limit);
    const next = given.length < seen.length ? (given.at(-1) ?? 0) + 1 : first + perRequest;
    const matches = given.map((n) => ({ n, stream: 'stdout' as const, time: null, text: 'x', dropped: null }));
    return { attempt: 1, matches, next: next > end ? null : `${next}@0` };
  });
}

test('matches are gathered from all parts, and one goes round among them', async () => {
  const search = searchIn([3, 40, 41, 900], 30);
  await search.start('x');
  expect(search.found.value).toEqual({ lines: [3, 40, 41, 900], complete: true, searching: false, failed: false });
  expect(await Promise.all([search.after(3), search.after(900), search.before(41), search.before(3)])).toEqual([
    40, 3, 40, 900,
  ]);
  expect(await Promise.all([search.after(0), search.before(100)])).toEqual([3, 41]);
});

test('among more than are gathered, the next and the one before are found too', async () => {
  const every = Array.from({ length: 5_000 }, (_, index) => index * 3 + 1).filter((n) => n < 6_000 || n > 12_000);
  const search = searchIn(every);
  await search.start('x');
  expect(search.found.value.complete).toBe(false);
  expect(search.found.value.lines).toHaveLength(MOST_GATHERED);
  for (const line of [0, 1, 2_999, 3_500, 7_000, 12_001, 14_000]) {
    expect(await search.after(line)).toBe(every.find((n) => n > line));
    expect(await search.before(line)).toBe(every.findLast((n) => n < line) ?? null);
  }
});

test('what is written later is looked at too', async () => {
  const lines = [5];
  const search = searchIn(lines);
  await search.start('x');
  lines.push(8, 20);
  await search.goOn(5);
  expect(search.found.value).toMatchObject({ lines: [5, 8, 20], complete: true });
  await search.start('');
  expect(search.found.value.lines).toEqual([]);
  expect(await search.after(1)).toBe(null);
});

test('a search that failed goes on where it stood when there is more to look at', async () => {
  let asked = 0;
  const search = new LineSearch(async ({ from }): Promise<LineMatches> => {
    asked += 1;
    if (asked === 2) throw new Error('away');
    const n = Number.parseInt(from, 10);
    const matches = [{ n, stream: 'stdout' as const, time: null, text: 'x', dropped: null }];
    return { attempt: 1, matches, next: n < 30 ? `${n + 10}@0` : null };
  });
  await expect(search.start('x')).rejects.toThrow('away');
  expect(search.found.value).toEqual({ lines: [1], complete: false, searching: false, failed: true });
  await search.goOn(30);
  expect(search.found.value).toEqual({ lines: [1, 11, 21, 31], complete: true, searching: false, failed: false });
});
