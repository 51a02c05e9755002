/** `docs/schedules.md` shows examples; here they are run. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describeSchedule } from '../../src/domain/schedule/describe.ts';
import { previewSchedule } from '../../src/domain/schedule/preview.ts';

const page = readFileSync(new URL('../../docs/schedules.md', import.meta.url), 'utf8');

/** The rows of all tables that are marked with these columns. */
function examples(columns: string): string[][] {
  const tables = page.split(`<!-- examples: ${columns} -->\n`).slice(1);
  return tables.flatMap((text) => {
    const [, , ...rows] = (text.split('\n\n')[0] ?? '').trim().split('\n');
    return rows.map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
  });
}

describe('docs/schedules.md', () => {
  const words = examples('schedule, words');
  const slots = examples('schedule, zone, after, slots');

  test('has examples', () => {
    expect([words.length, slots.length]).toEqual([9, 10]);
  });

  test.for(words)('%s', ([schedule = '', said]) => {
    expect(describeSchedule(schedule)).toBe(said);
  });

  test.for(slots)('%s in %s after %s', ([schedule = '', timezone = '', after = '', listed = '']) => {
    const wanted = listed.split(', ');
    const spec = { schedule, timezone, anchor: 0, startsAt: null, endsAt: null };
    const found = previewSchedule(spec, Date.parse(after), wanted.length);
    expect(found.map(({ local }) => local.replace(/:00([+-])/, '$1'))).toEqual(wanted);
  });
});
