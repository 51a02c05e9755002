/** What the command line does to jobs and runs, one by one, several at once, or all that match. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { JobView, RunView } from '../../src/client/client.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runOnTerminal, runProgram, startProgram, type ProgramOptions, type Ran } from '../support/program.ts';
import { standaloneForFile } from '../support/standalone-for-file.ts';
import { untilSeen } from '../support/until-seen.ts';

const server = standaloneForFile();

/** A line without quotes. */
const jobsched = (line: string, options: ProgramOptions = {}): Promise<Ran> =>
  runProgram(line.split(' '), { server: server.url, ...options });

const make = (...names: readonly string[]): Promise<unknown> =>
  server.client.jobs.createMany(names.map((name) => ({ name, command: 'true', schedule: '@yearly', tags: [name] })));

describe('several at once', () => {
  test('one that is not there stops no other, and a guess is made', async () => {
    await make('alpha', 'beta');
    const ran = await jobsched('pause alpha betta beta');
    expect(ran).toMatchObject({ stdout: 'paused alpha\npaused beta\n', code: 3 });
    expect(ran.stderr).toBe('error: there is no job "betta"\n  Did you mean beta?\n');
    expect((await jobsched('resume alpha beta')).stdout).toMatch(/^resumed alpha · next .*\nresumed beta · next .*\n$/);
    expect((await jobsched('get alpha beta --fields name,status')).stdout).toBe(
      '  name    alpha\n  status  scheduled\n\n  name    beta\n  status  scheduled\n',
    );
    const unknown = await Promise.all(
      ['get alpha', 'get alpha beta', 'get alpha beta --json', 'get alpha --watch'].map((line) =>
        jobsched(`${line} --fields name,stats`),
      ),
    );
    for (const { stdout, stderr, code } of unknown) {
      expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
      expect(stderr).toMatch(/^error: there is no field stats\n {2}Did you mean status\?/);
    }
    const both = JSON.parse((await jobsched('get alpha beta --json --fields name,status')).stdout) as unknown;
    expect(both).toEqual([
      { name: 'alpha', status: 'scheduled' },
      { name: 'beta', status: 'scheduled' },
    ]);
  });

  test('--dry-run of what is named does nothing', async () => {
    const job = { command: 'true', queue: 'host:nobody' };
    const { id } = await server.client.jobs.create({ ...job, name: 'newone', schedule: '@yearly' });
    const run = await server.client.jobs.run('newone');
    await server.client.jobs.create({ ...job, name: 'oneshot', run_at: '2035-01-01T00:00:00Z' });
    const lines = [`pause newone ${id}`, 'resume newone', 'pause oneshot', `cancel newone newone#1 ${run.id}`];
    lines.push('run newone', 'retry newone', 'run newone --env A=b');
    const [paused, resumed, refused, cancelled, live, retried, changed] = await Promise.all(
      lines.map((line) => jobsched(`${line} --dry-run`)),
    );
    expect(paused).toMatchObject({ stdout: 'would pause newone\nwould pause newone\n', code: 0 });
    expect(resumed?.stdout).toBe('would resume newone\n');
    expect(refused).toMatchObject({ stdout: '', code: 6 });
    expect(cancelled?.stdout).toBe('would cancel newone#1\n'.repeat(3));
    expect(live).toMatchObject({ stdout: '', code: 6 });
    expect(live?.stderr).toMatch(/ run newone --force\n$/);
    expect(retried).toMatchObject({ stdout: '', code: 6 });
    expect(changed).toMatchObject({ stdout: '', code: 2 });
    expect((await server.client.jobs.get('newone')).status).not.toBe('paused');
    expect((await server.client.runs.get(run.id)).status).toBe('pending');
    await server.client.runs.cancel(run.id);
    await jobsched('submit true --name ended --wait');
    const again = await Promise.all(['run ended', 'retry ended'].map((line) => jobsched(`${line} --dry-run`)));
    expect(again.map(({ stdout }) => stdout)).toEqual(['would run ended\n', 'would retry ended#1\n']);
    expect((await server.client.jobs.get('ended')).last_run?.number).toBe(1);
    const over = await jobsched('cancel newone ended#1 --dry-run');
    expect(over).toMatchObject({ stdout: '', code: 6 });
    expect(over.stderr).toContain('newone has no live run\nerror: the run has finished already');
  });

  test('delete asks a person, and only a person', async () => {
    await make('keep', 'drop');
    const no = await runOnTerminal(['delete', 'keep'], { server: server.url, typed: [[/\[y\/N\]/, 'n\n']] });
    expect(no).toMatchObject({ code: 1 });
    expect(no.stdout).toContain('delete keep? [y/N] ');
    const yes = await runOnTerminal(['delete', 'drop'], { server: server.url, typed: [[/\[y\/N\]/, 'y\n']] });
    expect(yes).toMatchObject({ code: 0 });
    expect(yes.stdout).toContain('deleted drop\n');
    expect(await jobsched('delete keep')).toEqual({ stdout: 'deleted keep\n', stderr: '', code: 0 });
  });

  test('delete of one that runs says how', async () => {
    await server.client.jobs.create({ name: 'busy', command: 'sleep 60', schedule: '@yearly' });
    await server.client.jobs.run('busy');
    await untilSeen(server.client, async () => {
      const { last_run: run } = await server.client.jobs.get('busy');
      return run?.status === 'running' ? run : null;
    });
    const refused = await jobsched('delete busy');
    expect(refused).toMatchObject({ stdout: '', code: 6 });
    expect(refused.stderr).toMatch(/^error: the job is running: busy#1\n.* delete busy --force\n$/);
    const dry = await jobsched('delete --search busy --dry-run');
    expect(dry).toMatchObject({ stdout: 'would delete 0 of 1 job, since 1 would be refused\n', code: 0 });
    expect(dry.stderr).toMatch(/^would be refused: .*: the job is running: /);
    await make('idle');
    const named = await jobsched('delete busy idle --dry-run');
    expect(named).toEqual({ ...refused, stdout: 'would delete idle\n' });
    expect((await jobsched('delete busy --force --dry-run')).stdout).toBe('would delete busy\n');
    expect(await jobsched('delete nobody --dry-run')).toMatchObject({ stdout: '', code: 3 });
    expect(await jobsched('delete busy --force')).toMatchObject({ stdout: 'deleted busy\n', code: 0 });
  });
});

describe('all that match', () => {
  test('counted, confirmed, done', async () => {
    await make('m1', 'm2');
    await server.client.jobs.createMany(
      [1, 2, 3].map(() => ({ command: 'true', tags: ['many'], schedule: '@yearly' })),
    );
    expect((await jobsched('pause --tag many --dry-run')).stdout).toBe('would pause 3 jobs\n');
    const nobody = await jobsched('pause --tag many');
    expect(nobody).toMatchObject({ stdout: '', code: 2 });
    expect(nobody.stderr).toContain('--yes');
    expect((await jobsched('pause --tag many --yes')).stdout).toBe('paused 3 jobs\n');
    const { stdout } = await jobsched('delete --tag many --yes --json');
    expect(JSON.parse(stdout)).toEqual({ matched: 3, done: 3, refused: [] });
    expect((await jobsched('delete --tag many --yes')).stdout).toBe('nothing to delete: no job matches\n');
  });

  test('neither named nor matched is a mistake, and so is both', async () => {
    expect(await jobsched('delete')).toMatchObject({ code: 2, stdout: '' });
    expect(await jobsched('cancel x --status running')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('run, wait, retry', () => {
  test('exit as the command does', async () => {
    await server.client.jobs.create({ name: 'three', command: 'echo out; exit 3', schedule: '@yearly' });
    expect(await jobsched('run three')).toEqual({ stdout: 'queued three#1\n', stderr: '', code: 0 });
    expect((await jobsched('wait three#1')).code).toBe(3);
    expect(await jobsched('retry three --follow')).toMatchObject({ stdout: 'out\n', code: 3 });
    const waited = await jobsched('run three --wait -o json --fields number,exit_code');
    expect(JSON.parse(waited.stdout)).toEqual({ number: 3, exit_code: 3 });
    const runs = (await jobsched('runs three --status failed -o jsonl --fields number')).stdout;
    expect(runs).toBe('{"number":3}\n{"number":2}\n{"number":1}\n');
    expect((await jobsched('runs three')).stdout).toMatch(
      /^RUN +STATE +WHEN +TOOK +WORKER +WHY\nthree#3 +✗ failed .* exit 3\n/,
    );
  });

  test('with changes: as a new job, beside the one named', async () => {
    const env = { KEPT: 'kept', OTHER: 'old' };
    const job = { name: 'plain', command: 'echo $KEPT $OTHER', schedule: '@yearly', env };
    await server.client.jobs.create(job);
    const plain = (line: string): Promise<Ran> => jobsched(`${line} --follow`);
    expect(await plain('run plain --env OTHER=new')).toMatchObject({ stdout: 'kept new\n', code: 0 });
    expect((await jobsched('run plain -- true')).stdout).toMatch(/^queued [0-9a-f]{8}#1, which runs true\n$/);
    const other = await jobsched('run plain --wait --name other-once -o json -- echo two -n');
    expect(JSON.parse(other.stdout)).toMatchObject({ job_name: 'other-once', number: 1 });
    expect((await jobsched('logs other-once')).stdout).toBe('two -n\n');
    expect((await jobsched('runs plain -o jsonl')).stdout).toBe('');

    await plain('run plain');
    await server.client.jobs.update('plain', { command: 'echo edited', env: {} });
    expect((await plain('retry plain#1 --same-version')).stdout).toBe('kept old\n');
    expect((await plain('retry plain#1 --env KEPT=more')).stdout).toBe('more old\n');
    expect((await plain('retry plain#1')).stdout).toBe('edited\n');
    expect(await jobsched('run --tag plain --env A=b')).toMatchObject({ code: 2, stdout: '' });
    expect(await jobsched('run plain --')).toMatchObject({ code: 2, stdout: '' });
  });

  test('wait has an end of its own, and Ctrl-C may cancel', async () => {
    await server.client.jobs.create({ name: 'long', command: 'echo begun; sleep 60' });
    const late = await jobsched('wait long --timeout 0.05s');
    expect(late).toMatchObject({ code: 124, stdout: '' });
    expect(late.stderr).toMatch(/^error: long#1 has not ended in time\n {2}It goes on: .* logs -f long#1 /);

    const { process: child, ended } = startProgram(['logs', '-f', 'long', '--cancel-on-interrupt'], {
      server: server.url,
    });
    child.stdout?.once('data', () => child.kill('SIGINT'));
    expect((await ended).stderr).toMatch(/^⊘ long#1 cancelled/);

    const wait = ['submit', '--follow', '--name', 'cc', '--cancel-on-interrupt', 'echo begun; sleep 60'];
    const person = await runOnTerminal(wait, { server: server.url, typed: [[/begun/, '\u0003']] });
    expect(person.stdout).toMatch(/\ncancelling cc#1 · once more to let go of it\n/);
    expect(person.stdout).not.toContain('\\n');
  });

  test('a run is live: how to run it all the same', async () => {
    await server.client.jobs.create({ name: 'alone', command: 'sleep 60', schedule: '@yearly' });
    await jobsched('run alone');
    const second = await jobsched('run alone');
    expect(second).toMatchObject({ code: 6, stdout: '' });
    expect(second.stderr).toMatch(/ run alone --force\n$/);
    const [retried, attempt] = await Promise.all([jobsched('retry alone'), jobsched('logs alone --attempt 5')]);
    expect(retried.stderr).toMatch(/ run JOB --force\n$/);
    expect(attempt.stderr).toMatch(/^error: the run alone#1 has no attempt 5\n/);
    await jobsched('delete alone --force');
  });
});

describe('edit', () => {
  test('by flags', async () => {
    await make('changed');
    const ran = await jobsched(
      'edit changed --cron @daily --timeout 1h --host web-1 --retry-on 1,75 --output-limit 2MiB -o json',
    );
    expect(JSON.parse(ran.stdout) as JobView).toMatchObject({
      version: 2,
      schedule: '@daily',
      timeout_seconds: 3_600,
      queue: 'host:web-1',
      retry_on_exit_codes: [1, 75],
      output_limit_bytes: 2_097_152,
    });
    expect((await jobsched('edit changed --unset timeout')).stderr).toMatch(
      /^error: --unset: there is no field timeout\n {2}Did you mean timeout_seconds\?\n {2}There are: description, run_at, .*timeout_seconds/,
    );
    expect((await jobsched('edit changed --unset timeout_seconds')).stdout).toMatch(/^edited changed · version 3 · /);
    expect((await server.client.jobs.get('changed')).timeout_seconds).toBeNull();
    expect(await jobsched('edit changed')).toMatchObject({ code: 2, stdout: '' });
  });

  test('in an editor, which is opened again with what was refused', async () => {
    await using folder = await temporaryFolder();
    const editor = join(folder.path, 'editor');
    const script = `if grep -q 'refused: priority' "$1"; then sed -i 's/^priority.*/priority: 7/' "$1"; else sed -i 's/^priority.*/priority: 700/' "$1"; fi`;
    await writeFile(editor, `#!/bin/sh\n${script}\n`);
    await chmod(editor, 0o755);
    await make('edited');
    const ran = await runOnTerminal(['edit', 'edited'], { server: server.url, env: { EDITOR: editor } });
    expect(ran).toMatchObject({ code: 0 });
    expect((await server.client.jobs.get('edited')).priority).toBe(7);
    const same = await runOnTerminal(['edit', 'edited'], { server: server.url, env: { EDITOR: 'true' } });
    expect(same).toMatchObject({ code: 2 });
    expect(same.stdout).toContain('nothing was changed');
  });
});

describe('submit', () => {
  test('--dry-run makes nothing', async () => {
    const cron = await runProgram(
      ['submit', '--cron', '0 2 * * *', '--tz', 'Europe/Berlin', '--name', 'dry', '--dry-run', 'date'],
      {
        server: server.url,
      },
    );
    expect(cron.stdout).toMatch(
      /^would create dry: date\n.*\(Europe\/Berlin\)\n( {2}\w{3} 20\S+ 02:00 \+0[12]:00 .*\n){5}/,
    );
    expect((await jobsched('submit --in 10m --dry-run true')).stdout).toMatch(/\n {2}runs 20.*\(in \d+m\)\n$/);
    expect(await jobsched('get dry')).toMatchObject({ code: 3 });
    const { stdout } = await jobsched('submit --dry-run true -o json');
    expect(JSON.parse(stdout)).toMatchObject({ job: { type: 'once', retries: 0, next_run_at: null }, preview: null });
  });

  test('--dry-run checks all that the server would', async () => {
    await make('dry-taken');
    const dry = (line: string, stdin = ''): Promise<Ran> => jobsched(`submit --dry-run ${line}`, { stdin });
    expect((await dry('date --timeout 0')).stderr).toBe('error: --timeout must be at least 0.001\n');
    expect(await dry('--queue a/b --priority 101 true')).toMatchObject({ code: 2, stdout: '' });
    expect((await dry('--priority 101 true')).stderr).toMatch(/^error: --priority must be /);
    const taken = await dry('--name dry-taken true');
    expect(taken).toMatchObject({ code: 6, stdout: '' });
    expect(taken.stderr).toMatch(/^error: there is a job dry-taken already .*\n {2}Choose another --name\.\n$/);
    expect(await dry('--cron 61_*_*_*_* true')).toMatchObject({ code: 2, stdout: '' });
    const lines = '{"command":"true","name":"dry-new"}\n{"command":"true","name":"dry-new"}\n{"command":""}\n';
    expect(await dry('--from -', lines)).toEqual({
      stdout: 'would create 1 job\n',
      stderr:
        'error: line 2: there is a job dry-new already (in this request)\nerror: line 3: command must not be blank\n',
      code: 6,
    });
    expect(await jobsched('get dry-new')).toMatchObject({ code: 3 });
  });

  test('a job for each line, and those that are refused by their lines', async () => {
    const stdin = 'echo one\n\n# not this\n{"command":"echo two","name":"two"}\n{"command":""}\n';
    const ran = await jobsched('submit --from - --tag lines', { stdin });
    expect(ran).toEqual({ stdout: 'created 2 jobs\n', stderr: 'error: line 5: command must not be blank\n', code: 2 });
    expect(await server.client.jobs.get('two')).toMatchObject({ command: 'echo two', tags: ['lines'] });
    const faulty = await jobsched('submit --from -', { stdin: '{"comand":1,"a":1,"b":1,"c":1,"d":1,"e":1}\n' });
    expect(faulty.stderr).toMatch(
      /^error: line 1: command is missing\nerror: line 1: comand is .*\n {2}Did you mean command\?\nerror: [^]*\nerror: line 1: and 2 more\n$/,
    );
    expect(await jobsched('submit --from /nowhere')).toMatchObject({ code: 2, stdout: '' });
    expect(await jobsched('submit --from - x')).toMatchObject({ code: 2, stdout: '' });
  });

  test('what excludes each other', async () => {
    for (const line of [
      'submit x --at +1s --in 5m',
      'submit x --queue a --host b',
      'submit x --name a --from -',
      'submit',
    ]) {
      expect(await jobsched(line)).toMatchObject({ code: 2, stdout: '' });
    }
  });
});

describe('logs', () => {
  const LINES = 'seq -f "line %06g, made long enough to be read in steps" 1 3000';

  test('--tail: the last lines, however far back they begin', async () => {
    await server.client.jobs.create({ name: 'long-log', command: `${LINES}; printf 'no end'` });
    await jobsched('wait long-log');
    const all = (await jobsched('logs long-log')).stdout;
    const tail = async (flags: string): Promise<string> => (await jobsched(`logs long-log ${flags}`)).stdout;
    expect(await tail('--tail 2')).toBe('line 003000, made long enough to be read in steps\nno end');
    expect(await tail('--tail 2500')).toBe(all.split('\n').slice(-2500).join('\n'));
    expect(await tail('--tail 9999 --attempt 1')).toBe(all);
    expect(await tail('--tail 0')).toBe('');
    expect(await jobsched('logs long-log --tail -1')).toMatchObject({ code: 2, stdout: '' });
  });

  test('--search: the lines that have it, as grep', async () => {
    expect(await jobsched('logs long-log --search 02999')).toMatchObject({
      stdout: 'line 002999, made long enough to be read in steps\n',
      code: 0,
    });
    expect((await jobsched('logs long-log --search LINE --ignore-case --tail 1')).stdout).toMatch(/^line 003000,.*\n$/);
    expect(await jobsched('logs long-log --search LINE')).toEqual({ stdout: '', stderr: '', code: 1 });
    const both = await jobsched('logs long-log --search x -f');
    expect(both).toMatchObject({ code: 2, stdout: '' });
    expect(both.stderr).toMatch(/ logs -f long-log 2>&1 \| grep --line-buffered x\n$/);
  });

  test('--search says how much it could not search', async () => {
    await server.client.jobs.create({ name: 'cut-log', command: 'seq 1 3000', output_limit_bytes: 1_024 });
    await jobsched('wait cut-log');
    expect(await jobsched('logs cut-log --search 1500')).toEqual({
      stdout: '',
      stderr: expect.stringMatching(
        /^\[searched only what is kept: 12\.\d KiB between its start and its end are not\]\n$/,
      ) as string,
      code: 1,
    });
    expect(await jobsched('logs cut-log --search 2999')).toMatchObject({ stdout: '2999\n', code: 0 });
  });

  test('--timestamps: in the zone of whoever reads, streams apart', async () => {
    await server.client.jobs.create({ name: 'stamped', command: 'echo a; printf b >&2; echo c' });
    await jobsched('wait stamped');
    const { stdout, stderr } = await jobsched('logs stamped --timestamps');
    expect(stdout).toMatch(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0[12]:00 [ac]\n){2}$/);
    expect(stderr).toMatch(/^\S+T\S+ b\n$/);
    expect((await jobsched('logs stamped --timestamps --utc --search a')).stdout).toMatch(/^\S+Z a\n$/);
    expect((await jobsched('logs -f stamped --timestamps --tail 1 --stream stdout')).stdout).toMatch(/^\S+ c\n$/);
  });

  test('-f --tail: the last lines, and what comes, also of the next attempt', async () => {
    const command =
      'echo old; echo last; read line < "go$JOBSCHED_ATTEMPT"; echo "$line"; test "$JOBSCHED_ATTEMPT" = 2';
    await using folder = await temporaryFolder();
    const [first, second] = ['go1', 'go2'].map((name) => join(folder.path, name)) as [string, string];
    await promisify(execFile)('mkfifo', [first, second]);
    const job = { name: 'goes-on', command, cwd: folder.path, retries: 1, retry_delay_seconds: 0 };
    await server.client.jobs.create(job);
    for await (const event of server.client.runs.follow('goes-on#1')) {
      if (event.kind === 'output' && Buffer.from(event.bytes).includes('last')) break;
    }
    const { process: child, ended } = startProgram(['logs', '-f', '--tail', '1', 'goes-on'], { server: server.url });
    if (child.stdout) await once(child.stdout, 'data');
    await writeFile(first, 'first\n');
    await writeFile(second, 'second\n');
    expect(await ended).toEqual({
      stdout: 'last\nfirst\nold\nlast\nsecond\n',
      stderr: '[attempt 2: the one before failed with exit 1]\n',
      code: 0,
    });
  });
});

test('logs of a job that has runs, waited for by its id', async () => {
  const { stdout: id } = await jobsched('submit -o id true');
  expect((await jobsched(`wait ${id.trim()}`)).code).toBe(0);
  const run = JSON.parse((await jobsched(`get ${id.slice(0, 8)}#1 --json`)).stdout) as RunView;
  expect(run.status).toBe('succeeded');
});
