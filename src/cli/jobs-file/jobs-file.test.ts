/** Files of jobs: read, judged, compared, and written so that they read the same. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkJobs, type Checked } from './check.ts';
import { isSame, wantedFields, withoutDefaults } from './fields.ts';
import { readJobsFile } from './read.ts';
import { planLines } from './words.ts';
import { jobsFileText } from './write.ts';
import { NO_PAINT } from '../print/paint.ts';

const check = async (text: string): Promise<Checked> => checkJobs(await readJobsFile(text), 'UTC');
const problems = async (text: string): Promise<readonly string[]> =>
  (await check(text)).problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);

describe('a file', () => {
  test('is a map from names to jobs, in one document or several, with anchors', async () => {
    const text =
      '.all: &all\n  tags: [web]\na:\n  <<: *all\n  command: x\n---\nb: { command: y, schedule: "@daily" }\n---\n';
    const { jobs, problems: wrong } = await check(text);
    expect(wrong).toEqual([]);
    expect(jobs).toEqual([
      { name: 'a', body: { name: 'a', tags: ['web'], command: 'x' } },
      { name: 'b', body: { name: 'b', command: 'y', schedule: '@daily' } },
    ]);
  });

  test.each([
    [
      'a:\n  command: x\n  shedule: "@daily"\n',
      '3:12: a.shedule is no field that jobsched knows (Did you mean schedule?)',
    ],
    ['a:\n  command: x\n  schedule: 99 * * * *\n', '3:13: a.schedule The schedule "99 * * * *" cannot be read'],
    ['a:\n  schedule: "@daily"\n', '1:1: a.command is missing'],
    ['a: x\n', '1:1: a must be an object: a job'],
    ['- a\n', '1:1: must be a map from names to jobs'],
    ['a: { command: x }\n---\na: { command: y }\n', '3:1: a is there already, in line 1'],
    [
      'a: { command: x }\nb: { comand: x }\na: { command: y }\n',
      '2:14: b.comand is no field that jobsched knows (Did you mean command?)\n3:1: a is there already, in line 1',
    ],
    ['.a: {}\n.a: {}\n', '2:1: this field is there already'],
    ['a:\n  command: x\n  command: y\n  retries: z\n', '3:3: this field is there already\n4:12: a.retries'],
    ['a:\n  command: "x\n', '3:1: Missing closing "quote'],
    ['a: { command: x, tags: [ok, "a,b"] }\n', '1:29: a.tags[1] must be 1 to 64'],
    ['a: { command: x, name: b }\n', '1:24: a.name is not what the job is called here: a'],
    ['"-bad": { command: x }\n', '1:1: -bad.name must be 1 to 64'],
    ['a: &a\n  command: *a\n', '2:12: a.command must be text in quotes'],
  ])('%j is told where it is wrong', async (text, words) => {
    const told = await problems(text);
    expect(told.join('\n')).toContain(words);
  });

  test.each([
    [
      '$ jobsched export\n# Jobs\n\na:\n  command: x\n\nb:\n  command: y\n',
      '1:1: must be a map from names to jobs; what follows it cannot be read',
    ],
    [
      'a:\n  command: x: y\n  description: x: z\n---\n}\n',
      '2:12: Nested mappings are not allowed in compact mappings; what follows it cannot be read',
    ],
  ])('%j has one fault, where it cannot be read', async (text, words) => {
    expect(await problems(text)).toEqual([words]);
  });

  test('is told all that is wrong with a job, also with both its zone and its schedule, or its name', async () => {
    const text =
      'a:\n  command: x\n  schedule: 99 * * * *\n  timezone: Mars/X\n' +
      'b:\n  command: x\n  name: c\n  schedule: 99 * * * *\n' +
      'd:\n  command: x\n  schedule: 0 0 31 2 *\n  starts_at: 2031-01-02T00:00:00Z\n  ends_at: 2031-01-01T00:00:00Z\n';
    const told = await problems(text);
    expect(told.map((line) => line.split(' ', 2).join(' '))).toEqual([
      '3:13: a.schedule',
      '4:13: a.timezone',
      '7:9: b.name',
      '8:13: b.schedule',
      '11:13: d.schedule',
      '13:12: d.ends_at',
    ]);
  });

  test('never throws', async () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&x',
      '*x',
      '<<',
      '"',
      "'",
      '|',
      '---',
      '!',
      '?',
      '#',
      '%',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 25 }), async (pieces) => {
        await check(pieces.join(''));
      }),
      { numRuns: 200 },
    );
  });
});

test('a plan that quotes a server is harmless to a terminal', () => {
  const why = 'is a \u001b[2Jonce job';
  expect(planLines([{ action: 'refuse', name: 'a', why }], NO_PAINT)).toEqual(['! a is a \\e[2Jonce job']);
});

test('fields that say the default are the default', () => {
  const plain = wantedFields({ command: 'x', schedule: ' @daily ' }, 'Asia/Tokyo');
  const spelled = wantedFields(
    { command: 'x', schedule: '@daily', timezone: 'Asia/Tokyo', retries: 0, env: null },
    'UTC',
  );
  expect(isSame(plain, spelled)).toBe(true);
  expect(withoutDefaults(plain)).toEqual({ command: 'x', schedule: '@daily', timezone: 'Asia/Tokyo' });
});

test('what is written reads the same', async () => {
  const texts = fc.string({ unit: 'grapheme' }).filter((text) => text.trim() !== '' && !text.includes('\0'));
  const job = fc.record({
    command: texts,
    description: texts,
    env: fc.dictionary(fc.stringMatching(/^[A-Z]{1,5}$/), texts),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 4 }), async (jobs) => {
      const named = new Map(jobs.map((each, index) => [`job${index}`, { ...each, env: { ...each.env } }]));
      const { jobs: read, problems: wrong } = await readJobsFile(await jobsFileText(named, ['a\ncomment']));
      expect(wrong).toEqual([]);
      expect(new Map(read.map(({ name, body }) => [name, body]))).toEqual(named);
    }),
    { numRuns: 100 },
  );
});
