/** A page of 50 runs, among few and among many. */
import { ms, times } from '../harness/format.ts';
import type { Figures, Row, Side } from '../harness/row.ts';
import { median } from '../harness/statistics.ts';
import type { Store } from '../../src/store/store.ts';
import type { Cursor } from '../../src/store/views.ts';
import { fill, onceJob, openBenchStore } from '../ours/store.ts';

const FEW = 1_000;
const MANY = 1_000_000;
const PAGE = 50;
const SAMPLES = 300;

export const row: Row = {
  how:
    `The store lists ${PAGE} runs, newest first: the first page, and the pages that follow it (20 in a row, then again from ` +
    `the first), ${SAMPLES} times each, one at a time, among 1,000 and among 1,000,000 runs of as many jobs. Median.`,
  once: true,
  sides: { few: among(FEW), many: among(MANY) },
  lines: (medians) =>
    [
      { value: 'first', name: 'first page' },
      { value: 'next', name: 'pages after it' },
    ].map(({ value, name }) => {
      const [few, many] = [medians('few', value), medians('many', value)];
      return {
        what: `page of ${PAGE} runs among 1 million, ${name}`,
        goal: '≤ 5 ms, ≤ 1.5× of 1,000 runs',
        reference: `among 1,000: ${ms(few)}`,
        ours: ms(many),
        ratio: times(many / few),
        reached: many <= 5 && many / few <= 1.5,
      };
    }),
};

function among(runs: number): Side {
  return async ({ redis, scale }): Promise<Figures> => {
    const store = await openBenchStore(redis.url);
    await fill(store, Math.max(FEW, runs * scale), () => onceJob('true'));
    await timePages(store, () => null);
    const first = await timePages(store, () => null);
    const next = await timePages(store, (cursor, page) => (page % 20 === 0 ? null : cursor));
    return { values: { first, next } };
  };
}

/** @param from which page comes next, given the cursor after the one before. @returns the median of a page, in ms. */
async function timePages(store: Store, from: (cursor: Cursor | null, page: number) => Cursor | null): Promise<number> {
  const took: number[] = [];
  let cursor: Cursor | null = null;
  for (let page = 0; page < SAMPLES; page++) {
    const began = performance.now();
    const { rows, next } = await store.listRuns({}, PAGE, from(cursor, page));
    took.push(performance.now() - began);
    if (rows.length < PAGE) throw new Error(`a page has ${rows.length} runs`);
    cursor = next;
  }
  return median(took);
}
