import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convertCrontab, type Imported, type ImportOptions } from './convert.ts';
import { looksLikeSystemCrontab } from './system-crontab.ts';
import { parseSchedule } from '../../domain/schedule/schedule.ts';

const OPTIONS: ImportOptions = { system: false, timezone: 'Europe/Berlin', user: 'me', likeCron: false, users: null };

const convert = (text: string, options: Partial<ImportOptions> = {}): Imported =>
  convertCrontab(text, { ...OPTIONS, ...options });
const job = (text: string, options: Partial<ImportOptions> = {}): object | undefined =>
  convert(text, options).jobs.values().next().value;
const notes = (text: string, options: Partial<ImportOptions> = {}): readonly string[] =>
  convert(text, options).notes.map((note) => `${note.line} ${note.kind}: ${note.text}`);

describe('a line', () => {
  test('becomes a job, in the zone of the machine', () => {
    expect(convert('0 5 * * 1 /usr/local/bin/backup.sh --all\n')).toEqual({
      jobs: new Map([
        ['backup', { command: '/usr/local/bin/backup.sh --all', schedule: '0 5 * * 1', timezone: 'Europe/Berlin' }],
      ]),
      notes: [],
      fates: ['job', 'blank'],
    });
  });

  test('whose % are line feeds of what it reads', () => {
    expect(job('0 0 1 * * mail -s "100\\% done" me%first%second\\%')).toMatchObject({
      command: 'mail -s "100% done" me',
      stdin: 'first\nsecond%\n',
    });
  });

  test('with a nickname', () => expect(job('@daily  x')).toMatchObject({ schedule: '@daily', command: 'x' }));

  test.each([
    ['@reboot x', 'runs at every boot'],
    ['@soon x', 'begins with @soon, which is no time'],
    ['* * * *', 'has 4 words, and is neither'],
    ['* * * * *', 'has no command'],
    ['99 * * * * x', 'has the minute "99", which is none: 0 to 59'],
    ['* * * foo * x', 'has the month "foo"'],
    ['* 5-2 * * * x', 'has the hour 5-2, which runs backwards'],
    ['*/0 * * * * x', 'steps its minute by 0'],
    ['0 0 31 2 * x', 'never comes'],
    ['0 0 * * * %x', 'has no command before its %'],
    ['MAILTO=ops@example.com', 'mails to ops@example.com: jobsched sends no mail'],
    ['9x=1', 'sets "9x", no name of a variable'],
    ['JOBSCHED_RUN_ID=1', 'which jobsched sets itself'],
  ])('%j is left out in words', (line, words) => {
    const { jobs, fates } = convert(line);
    expect(jobs.size).toBe(0);
    expect(fates).toEqual(['left out']);
    expect(notes(line).join()).toContain(words);
  });
});

describe('when it comes', () => {
  test.each([
    ['0 0 */2 * 1', '0 0 */2 * +1'],
    ['0 0 1 * */2', '0 0 1 * +*/2'],
    ['0 0 13 * fri', '0 0 13 * fri'],
    ['5/20 0 * * *', '5-59/20 0 * * *'],
    ['@every_minute', '* * * * *'],
  ])('%s is %s', (when, schedule) => expect(job(`${when} x`)).toMatchObject({ schedule }));

  test('a ~ is picked once for all, and told', () => {
    const { jobs, notes: told } = convert('0~30 ~ * * * x\n10~/20 * * * * y');
    const schedules = [...jobs.values()].map(({ schedule }) => schedule);
    expect(schedules[0]).toMatch(/^([12]?\d|30) (1?\d|2[0-3]) \* \* \*$/);
    expect(schedules[1]).toMatch(/^(1\d|2\d)-59\/20 \* \* \* \*$/);
    expect(told.filter(({ kind }) => kind === 'changed')).toHaveLength(3);
    expect(convert('0~30 ~ * * * x\n10~/20 * * * * y').jobs).toEqual(jobs);
  });

  test('CRON_TZ holds from there on', () => {
    const zones = [...convert('1 1 * * * a\nCRON_TZ=Asia/Tokyo\n1 1 * * * b').jobs.values()].map(
      (each) => each.timezone,
    );
    expect(zones).toEqual(['Europe/Berlin', 'Asia/Tokyo']);
  });

  test('below a CRON_TZ that nobody knows, nothing is guessed', () => {
    expect(notes('CRON_TZ=Mars/Base\n1 1 * * * a')).toEqual([
      '1 left out: sets CRON_TZ to Mars/Base, a zone that nobody knows',
      '2 left out: follows CRON_TZ=Mars/Base, so when it comes is not known',
    ]);
  });
});

test('variables hold for what follows', () => {
  const text = 'SHELL=/bin/bash\nHOME=/srv\nA = "x y "\n0 1 * * * a\nMAILTO=""\nA=2\nRANDOM_DELAY=5\n0 1 * * * b';
  expect([...convert(text).jobs.values()]).toMatchObject([
    { shell: '/bin/bash', cwd: '/srv', env: { HOME: '/srv', A: 'x y ' } },
    { env: { HOME: '/srv', A: '2' }, jitter_seconds: 300 },
  ]);
  expect(convert(text).notes).toEqual([]);
});

test('comments right above describe a job, others are told', () => {
  const text = '# head\n\n# Nightly,\n# to tape\n0 1 * * * a\n#0 2 * * * b\n# 5 of these are left\n';
  expect(job(text)).toMatchObject({ description: 'Nightly,\nto tape' });
  expect(notes(text)).toEqual([
    '1 left out: is a comment on no job: head',
    '6 left out: is a job that is switched off: 0 2 * * * b',
    '7 left out: is a comment on no job: 5 of these are left',
  ]);
});

test('lines of other users become them', () => {
  const text = '5 * * * * www-data echo "it\'s"\n6 * * * * me true';
  const { jobs, notes: told } = convert(text, { system: true });
  expect([...jobs.values()].map(({ command }) => command)).toEqual([
    "/sbin/runuser www-data -s /bin/sh -c 'cd; echo \"it'\\''s\"'",
    'true',
  ]);
  expect(told).toMatchObject([{ line: 1, kind: 'changed' }]);
});

test('what most likely was meant otherwise is told', () => {
  expect(notes('* * * * * * echo six\nPATH=$PATH:/opt/bin\nPRICE=5$\n* * * * * ls *')).toEqual([
    '1 mind: its command begins with *: crontab has five fields, and no seconds',
    '2 mind: PATH is $PATH:/opt/bin as it stands: cron does not expand variables either',
  ]);
  expect(notes('*/10 * * * * * root /bin/six', { system: true })).toEqual([
    '1 left out: has * where its user belongs: crontab has five fields, and no seconds',
  ]);
  const users = new Set(['www-data']);
  expect(notes('5 * * * * www-dat x\n5 * * * * www-data x\n5 * * * * me x', { system: true, users })).toEqual([
    '1 changed: runs by runuser as www-dat: its worker must be root',
    '1 mind: www-dat is no user in /etc/passwd of this machine',
    '2 changed: runs by runuser as www-data: its worker must be root',
  ]);
});

describe('a system crontab', () => {
  const users = new Set(['nobody', 'mail', 'git']);

  test.each([
    ['5 * * * * root cd / && x\n@daily nobody true\n# 5 * * * * x\n5 * * * * x', true],
    ['5 * * * * root x', true],
    ['5 * * * * mail -s a b', false],
    ['5 * * * * nobody', false],
    ['5 * * * * git pull\n5 * * * * x y', false],
    ['MAILTO=root\n', false],
  ])('%j is one: %j', (text, is) => {
    expect(looksLikeSystemCrontab(text, users)).toBe(is);
  });
});

test('--like-cron keeps what cron does', () => {
  expect(job('@hourly x', { likeCron: true })).toMatchObject({ overlap: 'allow', misfire: 'skip' });
});

test('whatever it is given, it throws nothing and tells of every line', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '*',
      '*/2',
      '1-5',
      '0~9',
      '~',
      '@reboot',
      '@daily',
      '5',
      'mon',
      ' ',
      '\t',
      '%',
      '\\%',
      '#',
      '=',
      '"',
      '-',
    ),
    fc.string({ maxLength: 6 }),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  const entry = fc
    .tuple(fc.array(piece, { minLength: 5, maxLength: 5 }), fc.string())
    .map(([five, rest]) => `${five.join(' ')} ${rest}`);
  const line = fc.oneof(
    entry,
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  );
  const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, fc.boolean(), (crontab, system) => {
      const { jobs, fates, notes: told } = convert(crontab, { system });
      expect(fates).toHaveLength(crontab.split('\n').length);
      expect(fates.filter((fate) => fate === 'job')).toHaveLength(jobs.size);
      const left = fates.flatMap((fate, index) => (fate === 'left out' ? [index + 1] : []));
      expect(told.filter(({ kind }) => kind === 'left out').map((note) => note.line)).toEqual(left);
      for (const { schedule, timezone } of jobs.values()) {
        parseSchedule({ schedule: schedule ?? '', timezone: timezone ?? '', anchor: 0, startsAt: null, endsAt: null });
      }
    }),
    { numRuns: 300 },
  );
});
