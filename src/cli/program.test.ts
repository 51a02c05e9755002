import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from './commands.ts';
import { daemonFirst } from './options/daemon-first.ts';
import { UsageError } from './help/failure.ts';
import { examplesOf } from './help/help.ts';
import { TOPICS } from './help/topics.ts';
import { clientCommand } from './options/client-options.ts';
import { buildProgram, commandFirst, runProgram } from './program.ts';

describe('commandFirst', () => {
  test.each([
    ['list', 'list'],
    ['--utc list', 'list --utc'],
    ['--server http://x list --all', 'list --server http://x --all'],
    ['-o json list', 'list -o json'],
    ['--server=http://x list', 'list --server=http://x'],
    ['submit -- list --utc', 'submit -- list --utc'],
    ['--server x import crontab -', 'import crontab --server x -'],
    ['--color never --no-color list', 'list --color never --no-color'],
    ['--port 80', '--port 80'],
    ['--server http://x workers drain web-1', 'workers drain --server http://x web-1'],
    ['--server http://x workers', 'workers --server http://x'],
    ['--help', '--help'],
    ['-- list', '-- list'],
    ['', ''],
  ])('%j becomes %j', (typed, argv) => {
    const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');
    expect(commandFirst(words(typed))).toEqual(words(argv));
  });
});

describe('daemonFirst', () => {
  test.each([
    ['--port 80', 'serve --port 80'],
    ['--redis-addr=x:1 --redis-db 2 --redis-pass y', 'serve --redis-addr=x:1 --redis-db 2 --redis-pass y'],
    ['--worker', 'worker'],
    ['--redis-db 2 --worker', 'worker --redis-db 2'],
    ['--port 80 --worker --redis-db 2', 'worker --redis-db 2'],
    ['--worker --port=80', 'worker'],
    ['--server http://x list', '--server http://x list'],
    ['submit --port 80', 'submit --port 80'],
    ['--help', '--help'],
    ['', ''],
  ])('%j becomes %j', (typed, argv) => {
    const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');
    expect(daemonFirst(words(typed))).toEqual(words(argv));
  });
});

describe('what is no command line', () => {
  test.each([
    ['submit', "missing required argument 'command'", 'See: jobsched submit --help'],
    ['rm tick', "unknown command 'rm'", 'Here it is called delete.'],
    ['cancle', "unknown command 'cancle'", 'Did you mean cancel?'],
    ['list --typ cron', "unknown option '--typ'", 'Did you mean --type?'],
    ['edit a --name b', "a job's name never changes", 'Submit it anew with the other name, and delete this one.'],
    ['delete a --purge', "unknown option '--purge'", 'See: jobsched delete --help'],
    ['get a ', 'the name of a job or run is missing', null],
    ['service install worker --print -- --nonsense', "unknown option '--nonsense'", 'See: jobsched worker --help'],
    ['pause ', "a job's name is missing", null],
    ['delete --yes --status ', /It is empty\. Leave it out to mean all\./, 'See: jobsched delete --help'],
    ['cancel --search ', /It is empty/, 'See: jobsched cancel --help'],
    ['retry --reason ', /It is empty/, 'See: jobsched retry --help'],
    ['pause --tag ', /It is empty/, 'See: jobsched pause --help'],
    ['list --limit 0', /It must be 1 or more/, 'See: jobsched list --help'],
    ['list --all --limit 2', /--all and --limit exclude each other/, null],
    ['runs --all --limit 2', /--all and --limit exclude each other/, null],
    ['key list --role viewer', /--role is for key create/, null],
    ['key revoke ci --name x', /--name is for key create/, null],
    ['submit x --timeout soon', /Write it like 90/, 'See: jobsched submit --help'],
    ['submit x --cron ', /Write it like '0 2/, 'See: jobsched submit --help'],
    ['submit x --env =1', /Write it like NAME=value/, 'See: jobsched submit --help'],
    ['submit x --overlap maybe', /Allowed choices are skip, queue/, 'See: jobsched submit --help'],
    ['get #1', '#1 is no run: its job is missing', 'A run is JOB#NUMBER, such as nightly#42.'],
    ['logs tick#', 'tick# is no run: its number is missing', /JOB#NUMBER/],
    ['cancel tick#2 tick#abc', 'tick#abc is no run: abc is no number', /JOB#NUMBER/],
    ['wait tick#0', 'tick#0 is no run: 0 is no number', /JOB#NUMBER/],
    ['runs a b', /: too many arguments: jobsched runs takes 1, and got 2$/, 'See: jobsched runs --help'],
    ['list a', /: too many arguments: jobsched list takes none, and got 1$/, 'See: jobsched list --help'],
    ['next 0 2 * * *', /takes 1, and got 5$/, /^Put the schedule in quotes: \S.* next '0 2 \* \* \*'$/],
    ['workers drian x', "unknown command 'drian'", 'Did you mean drain?'],
    ['context foo', "unknown command 'foo'", 'See: jobsched context --help'],
    ['completion tcsh', 'tcsh is no shell: bash, zsh, fish', 'See: jobsched completion --help'],
    ['key create vic --role viewr', /'viewr' is invalid\. Allowed choices are viewer/, 'See: jobsched key --help'],
    ['key creat', 'creat is no action: create, list, revoke', 'Did you mean create?'],
    ['edit a --unset command', '--unset: command has no default', 'Change it with --command.'],
    ['edit a --unset comand', '--unset: there is no field comand', /^There are: description, run_at, /],
    ['help nothing', "unknown command 'nothing'", 'See: jobsched --help'],
    ['import crontap', "unknown command 'crontap'", 'Did you mean crontab?'],
    ['import crontab --usr x', "unknown option '--usr'", 'Did you mean --user?'],
    ['import crontab a b', /too many arguments/, 'See: jobsched import crontab --help'],
    ['--prot 80', "unknown option '--prot'", 'Did you mean --port?'],
    ['--all list', "unknown option '--all'", 'See: jobsched --help'],
    ['--port 80 --prot', "unknown option '--prot'", 'Did you mean --port?'],
    ['--worker --data-dir x', "unknown option '--data-dir'", 'See: jobsched worker --help'],
  ])('%s', async (line, message, hint) => {
    const error: unknown = await runProgram(line.split(' ')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ hint: hint instanceof RegExp ? (expect.stringMatching(hint) as string) : hint });
    expect(String(error)).toMatch(message);
  });
});

describe('a flag of the command that is to run', () => {
  test.each([
    ['submit echo -n hi', 'submit -- echo -n hi'],
    ['submit --name x ls -l --retries=2 --follow', "submit --name x '--retries=2' --follow -- ls -l"],
    ['submit ls -la *', "submit -- ls -la '*'"],
  ])('%s', async (line, pasted) => {
    await expect(runProgram(line.split(' '))).rejects.toMatchObject({
      hint: expect.stringMatching(
        new RegExp(`put -- before that command:\\n .*\\S ${RegExp.escape(pasted)}$`),
      ) as string,
    });
  });

  test('one that may be ours, mistyped: both guesses', async () => {
    await expect(runProgram(['submit', 'date', '--nmae', 'x'])).rejects.toMatchObject({
      hint: expect.stringMatching(/^Did you mean --name\?\n.*\n .* submit -- date --nmae x$/) as string,
    });
    await expect(runProgram(['submit', '--nmae', 'x', 'date'])).rejects.toMatchObject({ hint: 'Did you mean --name?' });
  });
});

describe.each(COMMANDS.map(({ name }) => name))('%s', (name) => {
  test('loads, and says what it does', async () => {
    const command = (await buildProgram(name)).commands.find((each) => each.name() === name);
    expect(command?.description()).toMatch(/\.$/);
    expect(command?.summary()).not.toBe('');
  });

  test('understands its own examples', async () => {
    const command = (await buildProgram(name)).commands.find((each) => each.name() === name);
    for (const example of command ? examplesOf(command) : []) {
      const [program, called, ...words] = wordsOf(example);
      expect([program, called]).toEqual(['jobsched', name]);
      const inner = command?.commands.find((each) => each.name() === words[0]);
      const unknown = inner === undefined ? command?.parseOptions(words) : inner.parseOptions(words.slice(1));
      expect(unknown?.unknown).toEqual([]);
    }
  });
});

/** As a shell splits it; where an example's output goes is not ours. */
function wordsOf(line: string): readonly string[] {
  const [ours = ''] = line.split(/ [|>] /);
  return execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${ours}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

test.each(COMMANDS.map(({ name }) => name))('docs/cli.md lists just the flags of %s', async (name) => {
  const [, section = ''] = readFileSync('docs/cli.md', 'utf8').split(`\n## ${name}\n`);
  const [text = ''] = section.split('\n## ');
  const listed = [...text.matchAll(/^(?:- `[^`]*|And of the .*)$|^- `[^`]*`/gm)].flatMap(([line]) =>
    Array.from(line.matchAll(/(?<=[` ])--[a-z-]+/g), ([flag]) => flag),
  );
  const command = (await buildProgram(name)).commands.find((each) => each.name() === name);
  const known = command?.createHelp().visibleOptions(command) ?? [];
  expect(new Set(listed)).toEqual(new Set(known.map(({ long }) => long)));
});

test('help environment names the variables that the shared flags name', () => {
  const said = clientCommand('x').options.map(({ description }) => description);
  const variables = said.flatMap((text) => text.match(/JOBSCHED_[A-Z_]+/g) ?? []);
  const told = TOPICS.find(({ name }) => name === 'environment')
    ?.rows.flat()
    .join('\n')
    .match(/JOBSCHED_[A-Z_]+/g);
  expect(variables.length).toBeGreaterThan(2);
  expect(told).toEqual(expect.arrayContaining(variables));
});

test('neither help nor docs/cli.md names a command that does not exist', async () => {
  const known = new Set(COMMANDS.map(({ name }) => name));
  const helps = [...known].map(async (name) => {
    const program = await buildProgram(name);
    return program.commands.find((command) => command.name() === name)?.helpInformation() ?? '';
  });
  const texts = [(await buildProgram(undefined)).helpInformation(), ...(await Promise.all(helps))];
  const typed = [...texts, readFileSync('docs/cli.md', 'utf8')].join('\n').matchAll(/^ *`?jobsched ([a-z]+)/gm);
  const named = new Set(Array.from(typed, ([, name]) => name));
  expect([...named].filter((name) => !known.has(name ?? ''))).toEqual([]);
  expect(named.size).toBeGreaterThan(4);
});
