/**
 * docs/cli.md from the commands themselves.
 *
 *   node scripts/generate-cli-docs.ts           writes it
 *   node scripts/generate-cli-docs.ts --check   exits 1 when it is not what would be written
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Command, Option } from 'commander';
import { SHARED } from '../src/cli/options/client-options.ts';
import { COMMANDS } from '../src/cli/commands.ts';
import { EXIT_MEANINGS } from '../src/cli/exit-code.ts';
import { examplesOf } from '../src/cli/help/help.ts';
import { buildProgram } from '../src/cli/program.ts';

const FILE = 'docs/cli.md';

const commands = (await Promise.all(COMMANDS.map(({ name }) => load(name)))).flatMap(withInner);
const text = [heading(), ...commands.map(commandSection), sharedSection(commands), exitCodeSection()].join('\n');

if (process.argv.includes('--check')) check();
else writeFileSync(FILE, text);

function check(): void {
  if (readFileSync(FILE, 'utf8') === text) return;
  console.error(`${FILE} is stale: node scripts/generate-cli-docs.ts`);
  process.exitCode = 1;
}

async function load(name: string): Promise<Command> {
  const command = (await buildProgram(name)).commands.find((each) => each.name() === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return command;
}

/** The commands of a group have sections of their own. */
function withInner(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withInner)];
}

function pathOf(command: Command): string {
  const { parent } = command;
  return parent?.parent == null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}

function heading(): string {
  return `# The command line

<!-- Written by scripts/generate-cli-docs.ts from the commands themselves: edit those. -->

\`jobsched <command> --help\` shows what stands here. A job goes by its name, its id, or the first characters of its id
(four or more); a run by \`<job>#<number>\`, as in \`nightly#42\`, or by its id.

Data goes to stdout, messages to stderr; hints only to a terminal. \`-o json\` prints the API's own objects, which only
ever gain fields; tables are for people and may change. Control characters in what others wrote are shown, not obeyed.

${COMMANDS.map(({ name, summary }) => `- [\`${name}\`](#${name}): ${summary}`).join('\n')}
`;
}

function commandSection(command: Command): string {
  const help = command.createHelp();
  const own = help.visibleOptions(command).filter((option) => option.helpGroupHeading !== SHARED);
  const usage = help.commandUsage(command).replace('[options]', '[flags]');
  const rows = [
    ...help.visibleCommands(command).map((each) => [each.name(), help.subcommandDescription(each)] as const),
    ...help.visibleArguments(command).map((each) => [help.argumentTerm(each), help.argumentDescription(each)] as const),
    ...own.map((option) => [help.optionTerm(option), help.optionDescription(option)] as const),
  ];
  const shared = sharedOptions(command).map(({ flags }) => `\`${flags.replace(/ <.*/, '')}\``);
  const examples = examplesOf(command);
  const shown = examples.length === 0 ? '' : `\n\`\`\`sh\n${examples.join('\n')}\n\`\`\`\n`;
  return `## ${pathOf(command)}

${command.description()}
${shown}
Usage: \`${usage}\`

${list(rows)}${shared.length > 0 ? `\nAnd of the [shared flags](#shared-flags): ${shared.join(', ')}.\n` : ''}`;
}

function sharedOptions(command: Command): readonly Option[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => option.helpGroupHeading === SHARED);
}

/** The flags that several commands take, explained once; which of them each takes stands with it. */
function sharedSection(commands: readonly Command[]): string {
  const all = new Map<string, string>();
  for (const command of commands) {
    const help = command.createHelp();
    for (const option of sharedOptions(command)) all.set(help.optionTerm(option), help.optionDescription(option));
  }
  return `## Shared flags

${list([...all])}
They may stand before the command as well. The server is that of \`--server\` or \`--context\`, else
\`JOBSCHED_SERVER\`, else \`JOBSCHED_CONTEXT\`, else \`server\` in ./jobsched.yaml, else the [context](#context) in use, else
\`server\` in the other configuration files, else http://localhost:8080.

The key, where the server wants one, is in \`--key-file\`, else in the context. Without a context it is in \`JOBSCHED_KEY\`,
else in the file that \`JOBSCHED_KEY_FILE\` names, else in the one that \`key_file\` in your own or the system's
configuration file names: never among the arguments, which everybody on the machine can read. A key that stands beside a
server, in a context, in the environment or in a file, is sent to that server alone; one that stands beside none is not
sent to a server that only ./jobsched.yaml names, and \`key_file\` in ./jobsched.yaml is passed over.
`;
}

function exitCodeSection(): string {
  return `## Exit codes\n\n${list(EXIT_MEANINGS)}`;
}

function list(rows: readonly (readonly [term: string, words: string])[]): string {
  return rows.map(([term, words]) => `- \`${term}\`: ${words}\n`).join('');
}
