/** Writes docs/configuration.md from the settings; `--check` fails when the file is not what would be written. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from '../src/config/machine.ts';
import { flagOf, keyOf, SETTINGS, variableOf, type Setting, type SettingName } from '../src/config/settings.ts';

const FILE = new URL('../docs/configuration.md', import.meta.url);

const ANY_MACHINE: Machine = {
  env: {},
  cwd: '/',
  uid: 1000,
  user: 'you',
  home: '~',
  hostname: 'host',
  cpus: 1,
  timezone: 'UTC',
};

function row([key, setting]: [string, Setting<unknown>]): string {
  const name = key as SettingName;
  const value = setting.fallbackWords ?? String(setting.fallback(ANY_MACHINE));
  const spelt = [`\`${flagOf(name)} ${setting.placeholder}\``, `\`${variableOf(name)}\``, `\`${keyOf(name)}\``];
  return `| ${spelt.join('<br>').replaceAll('|', '\\|')} | ${value} | ${setting.help} |`;
}

const text = `<!-- Made by scripts/generate-config-docs.ts from src/config/settings.ts: edit that. -->

# Configuration

Every setting can stand in five places. The first that has it wins:

1. the flag,
2. the environment variable (an empty one counts as not set),
3. \`./jobsched.yaml\`, in the folder where jobsched is started,
4. \`$XDG_CONFIG_HOME/jobsched/config.yaml\` (\`~/.config/jobsched/config.yaml\`),
5. \`/etc/jobsched/config.yaml\`,

and then the default. In files, write the key: \`port: 9000\`. A setting that nobody knows is an error, and so is a value
that does not fit; all of them are reported at once, each with the place where it stands.

| flag, variable, key | default | what it does |
| --- | --- | --- |
${Object.entries(SETTINGS).map(row).join('\n')}

The commands that are clients (\`submit\`, \`list\`, \`get\`, \`logs\`, \`cancel\`) find their server by \`--server <url>\`, then
\`JOBSCHED_SERVER\`, then \`server\` in one of the files, then \`http://localhost:8080\`.

Commands that jobs run get none of this. Their environment is PATH (without what npm adds), HOME, LANG, TZ, USER, SHELL and
LOGNAME of the process, the variables that \`--pass-env\` names, the job's own \`env\`, and \`JOBSCHED_JOB_ID\`,
\`JOBSCHED_JOB_NAME\`, \`JOBSCHED_RUN_ID\`, \`JOBSCHED_ATTEMPT\`, \`JOBSCHED_FENCE\` and \`JOBSCHED_SCHEDULED_FOR\`.
`;

if (!process.argv.includes('--check')) writeFileSync(FILE, text);
else if (readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write('docs/configuration.md is stale: run node scripts/generate-config-docs.ts\n');
  process.exitCode = 1;
}
