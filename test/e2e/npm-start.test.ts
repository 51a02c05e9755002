/** `npm start` with flags that npm takes for its own. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { flagOf } from '../../src/config/setting.ts';
import { SETTINGS_OF } from '../../src/config/settings.ts';

/** With what npm puts into the environment. A jobsched that is started all the same ends at once, over its port. */
function start(kept: Readonly<Record<string, string>>, args: readonly string[] = []): readonly [number | null, string] {
  const env = { PATH: process.env['PATH'], JOBSCHED_PORT: 'none', ...kept };
  const { status, stderr } = spawnSync('sh', ['scripts/start.sh', ...args], { env, encoding: 'utf8', timeout: 10_000 });
  return [status, stderr];
}

const SWITCHES = new Set(['--redis-tls', '--wait', '--read-only', '--metrics-open']);

test.each(SETTINGS_OF.standalone)('npm start with %s', (name) => {
  const flag = flagOf(name);
  const variable = `npm_config_${flag.slice(2).replaceAll('-', '_')}`;
  const rest = SWITCHES.has(flag) ? '' : ' 9';
  const told = `error: npm kept ${flag} for itself\n  Put -- before what is for jobsched: npm start -- ${flag}${rest}\n`;
  expect(start({ [variable]: SWITCHES.has(flag) ? 'true' : '9' })).toEqual([2, told]);
  expect(start({ [variable]: 'true' }, ['9'])).toEqual([2, told]);
});

test.each(
  (['serve', 'worker'] as const).flatMap((command) =>
    SETTINGS_OF[command].map((name) => [command, flagOf(name)] as const),
  ),
)('npm start %s with %s', (command, flag) => {
  const variable = `npm_config_${flag.slice(2).replaceAll('-', '_')}`;
  const rest = SWITCHES.has(flag) ? '' : ' 9';
  const told = `error: npm kept ${flag} for itself\n  Put -- before what is for jobsched: npm start -- ${command} ${flag}${rest}\n`;
  expect(start({ [variable]: SWITCHES.has(flag) ? 'true' : '9' }, [command])).toEqual([2, told]);
});

test.each([
  ['/my data', "'/my data'"],
  ["it's $HOME", "'it'\\''s $HOME'"],
  ['user@host:/a_b-c.d', 'user@host:/a_b-c.d'],
])('what is to be pasted is quoted: %s', (value, quoted) => {
  const told = `npm start -- --data-dir ${quoted}\n`;
  expect(start({ npm_config_data_dir: value })[1]).toContain(told);
  expect(start({ npm_config_data_dir: 'true' }, [value])[1]).toContain(told);
});

test('several at once', () => {
  const kept = { npm_config_port: '9000', npm_config_data_dir: 'true' };
  expect(start(kept, ['./d'])[1]).toContain('npm start -- --port 9000 --data-dir ./d\n');
  expect(start({ ...kept, npm_config_port: 'true' }, ['9000', './d'])[1]).toContain('-- --port ... --data-dir ...\n');
});
