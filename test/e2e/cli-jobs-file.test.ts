/** Files of jobs and crontabs, brought to a real standalone by the commands as people run them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import schema from '../../docs/jobs.schema.json' with { type: 'json' };
import { temporaryFolder } from '../support/folder.ts';
import { runProgram, type Ran } from '../support/program.ts';
import { standaloneForFile } from '../support/standalone-for-file.ts';

const server = standaloneForFile();

const jobsched = (line: string, stdin = ''): Promise<Ran> => runProgram(line.split(' '), { server: server.url, stdin });

const WEB =
  'web-a:\n  command: echo a\n  schedule: 0 2 * * *\n  timezone: Asia/Tokyo\nweb-b: { command: echo b, schedule: "@daily" }\n';

test('apply makes what is missing, edits what differs, prunes its set, and then has nothing to do', async () => {
  const dry = await jobsched('apply -f - --set web --dry-run', WEB);
  expect(dry).toMatchObject({ stdout: '+ web-a\n+ web-b\n', code: 8 });
  const made = await jobsched('apply -f - --set web', WEB);
  expect(made).toMatchObject({ stderr: '2 created\n', code: 0 });
  expect(await jobsched('apply - --set web', WEB)).toMatchObject({
    stdout: '= 2 unchanged\n',
    stderr: 'nothing to do\n',
    code: 0,
  });
  expect(await server.client.jobs.get('web-a')).toMatchObject({
    version: 1,
    tags: ['set:web'],
    timezone: 'Asia/Tokyo',
  });

  expect(await jobsched('apply')).toMatchObject({
    stderr: expect.stringMatching(/^error: which file/) as string,
    code: 2,
  });
  expect(await jobsched('diff - -f -')).toMatchObject({ code: 2 });

  const other = WEB.replace('0 2 * * *', '0 3 * * *').replace(/web-b.*\n/, '');
  const diff = await jobsched('diff -f - --set web --prune', other);
  expect(diff).toMatchObject({ code: 8 });
  expect(diff.stdout).toBe('~ web-a\n  - schedule: 0 2 * * *\n  + schedule: 0 3 * * *\n- web-b\n');
  const unasked = await jobsched('apply -f - --set web --prune', other);
  expect(unasked).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: nothing was changed: 1 job would.*\n.*--yes/) as string,
  });
  const pruned = await jobsched('apply -f - --set web --prune --yes', other);
  expect(pruned).toMatchObject({ stderr: '1 changed, 1 deleted\n', code: 0 });
  await expect(server.client.jobs.get('web-b')).rejects.toMatchObject({ code: 'not_found' });
});

test('a file with a fault changes nothing, and says where it is', async () => {
  const ran = await jobsched('apply -f -', 'good: { command: x }\nbad:\n  command: y\n  retires: 3\n');
  expect(ran).toMatchObject({ stdout: '', code: 2 });
  expect(ran.stderr).toContain('stdin:4:12: bad.retires is no field that jobsched knows (Did you mean retries?)');
  await expect(server.client.jobs.get('good')).rejects.toMatchObject({ code: 'not_found' });
});

test('what cannot be does not stop the rest', async () => {
  await server.client.jobs.create({ name: 'was-once', command: 'true' });
  const ran = await jobsched(
    'apply -f -',
    'was-once: { command: x, schedule: "@daily" }\nfresh: { command: y, schedule: "@daily" }\n',
  );
  expect(ran.stderr).toContain('was-once is a once job and stays one');
  expect(ran).toMatchObject({ stdout: expect.stringContaining('+ fresh') as string, code: 2 });
  expect(await server.client.jobs.get('fresh')).toMatchObject({ command: 'y' });
});

test('export, applied, changes nothing, and is what the published schema allows', async () => {
  await server.client.jobs.create({
    name: 'all-of-it',
    command: 'printf "a\n\tb"',
    schedule: '@every 90s',
    starts_at: '2031-01-01T00:00:00+01:00',
    env: { A: '1', B: 'yes' },
    stdin: ' x\n',
    retries: 3,
    retry_on_exit_codes: [7],
    tags: ['t'],
    description: 'null',
  });
  const exported = await jobsched('export');
  expect(exported.code).toBe(0);
  expect(await jobsched('diff -f -', exported.stdout)).toMatchObject({ stdout: '', code: 0 });
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const isValid = ajv.validate(schema, parse(exported.stdout));
  expect(ajv.errors).toBe(null);
  expect(isValid).toBe(true);
  expect(ajv.validate(schema, { a: { comand: 'x' } })).toBe(false);
});

test('validate needs no server', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'jobs.yaml');
  await writeFile(file, 'a: { command: x }\n');
  expect(await runProgram(['validate', file], { server: 'http://127.0.0.1:1' })).toMatchObject({
    stdout: `${file} is valid: 1 job\n`,
    code: 0,
  });
  const gone = await runProgram(['validate', `${file}x`]);
  expect(gone).toMatchObject({ stderr: `error: ${file}x cannot be read (ENOENT)\n`, code: 2 });
});

test('import crontab: jobs once, and in words what is lost, on stderr also of a pipe', async () => {
  const crontab = 'MAILTO=me\n# Rotates\n5 4 * * * /opt/rotate.sh --all%yes\n@reboot x\n';
  const dry = await jobsched('import crontab - --tz Europe/Berlin --dry-run', crontab);
  expect(dry).toMatchObject({ stdout: '+ rotate\n', code: 8 });
  expect(dry.stderr).toMatch(
    /^4 lines: 1 job, 2 left out\n {2}left out: line 1 mails to me.*\n {2}left out: line 4 runs at every boot/,
  );
  expect(await jobsched('import crontab - --tz Europe/Berlin', crontab)).toMatchObject({ code: 0 });
  expect(await server.client.jobs.get('rotate')).toMatchObject({
    description: 'Rotates',
    stdin: 'yes\n',
    timezone: 'Europe/Berlin',
  });
  const again = await jobsched('import crontab - --tz Europe/Berlin', crontab);
  expect(again).toMatchObject({ stdout: '= 1 unchanged\n', code: 0 });
  const yaml = await jobsched('import crontab - --tz Europe/Berlin -o yaml', crontab);
  expect(await jobsched('diff -f -', yaml.stdout)).toMatchObject({ stdout: '', code: 0 });
  const system = '5 4 * * * root /opt/rotate.sh\n@daily no-such-user true\n6 4 * * * root x\n';
  expect(await jobsched('import crontab - -o yaml', system)).toEqual({
    stdout: '',
    stderr:
      'error: this looks like a system crontab, with a user in each line\n  Add --system; if it is none, --no-system.\n',
    code: 2,
  });
  const named = await jobsched('import crontab - -o yaml --system', system);
  expect(named.stderr).toContain('  mind: line 2: no-such-user is no user in /etc/passwd of this machine\n');
  expect((await jobsched('import crontab - -o yaml --no-system', system)).stdout).toContain('command: root x');
  const nobody = await jobsched('import crontab --user no-such-user');
  expect(nobody.code).toBe(3);
  expect(nobody.stderr).toContain('crontab -l | npx jobsched import crontab -');
});
