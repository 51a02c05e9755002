/** Writes docs/configuration.md from the settings; `--check` fails when the file is not what would be written. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from '../src/config/machine.ts';
import { flagOf, keyOf, variableOf, type Setting } from '../src/config/setting.ts';
import { SETTINGS, SETTINGS_OF, type SettingName } from '../src/config/settings.ts';

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
  const variable = variableOf(name);
  const flag = setting.placeholder === null ? flagOf(name) : `${flagOf(name)} ${setting.placeholder}`;
  const variables = setting.secret === true ? [variable, `${variable}_FILE`] : [variable];
  const spelt = [flag, ...variables, keyOf(name)].map((word) => `\`${word}\``);
  return `| ${spelt.join('<br>').replaceAll('|', '\\|')} | ${value} | ${setting.help} |`;
}

/** One table for each set of commands that share settings. */
function tables(): string {
  const groups = Map.groupBy(Object.entries(SETTINGS), ([name]) => commandsOf(name).join(' · '));
  return [...groups]
    .map(([commands, settings]) => {
      const head = '| flag, variable, key | default | what it does |\n| --- | --- | --- |';
      return `## ${commands}\n\n${head}\n${settings.map(row).join('\n')}\n`;
    })
    .join('\n');
}

function commandsOf(name: string): readonly string[] {
  const takers = Object.entries(SETTINGS_OF).filter(([, names]) => (names as readonly string[]).includes(name));
  return takers.map(([command]) => `\`${command}\``);
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

One file can be for all commands: each looks at the settings that it takes. A variable with \`_FILE\` names a file that
holds the value, as containers are handed their secrets.

Variables that Kubernetes makes of a service called \`jobsched\`, or \`jobsched-\` and more, are passed over:
\`JOBSCHED_PORT=tcp://10.0.0.1:8080\`, \`JOBSCHED_SERVICE_HOST\` and their like.

${tables()}
## Elsewhere

The commands that are clients (\`submit\`, \`list\`, \`get\`, \`logs\`, \`cancel\`) find their server by the first of these:

1. \`--server <url>\`, or \`--context <name>\` for one that \`jobsched context add\` has given a name
2. \`JOBSCHED_SERVER\`
3. \`JOBSCHED_CONTEXT\`, the name of a context
4. \`server\` in \`./jobsched.yaml\`
5. the context that \`jobsched context use\` has chosen
6. \`server\` in the user's file, then in the system's
7. \`http://localhost:8080\`

Contexts stand in \`jobsched/contexts.json\` beside the user's file, each with its server and its key: kept there, or the path
of a file that holds it. \`--context default\` means none of them. Which key is shown to which server:
[security](security.md).

Commands that jobs run get none of this. Their environment is PATH (without what npm adds), HOME, LANG, TZ, USER, SHELL and
LOGNAME of the process, the variables that \`--pass-env\` names, the job's own \`env\`, and \`JOBSCHED_JOB_ID\`,
\`JOBSCHED_JOB_NAME\`, \`JOBSCHED_RUN_ID\`, \`JOBSCHED_ATTEMPT\`, \`JOBSCHED_FENCE\` and \`JOBSCHED_SCHEDULED_FOR\`; and
\`JOBSCHED_MARK\`, by which the worker finds what comes from the command, when it is to end it.
`;

if (!process.argv.includes('--check')) writeFileSync(FILE, text);
else if (readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write('docs/configuration.md is stale: run node scripts/generate-config-docs.ts\n');
  process.exitCode = 1;
}
