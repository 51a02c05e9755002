/** The program: all commands by name, and the called one in full. */
import { Command, CommanderError } from 'commander';
import { debugOption, TAKES_VALUE } from './options/client-options.ts';
import { COMMANDS } from './commands.ts';
import { daemonFirst } from './options/daemon-first.ts';
import { EXIT } from './exit-code.ts';
import { UsageError } from './help/failure.ts';
import { formatHelp, formatShortHelp, formatTopic, withExamples } from './help/help.ts';
import { TOPICS } from './help/topics.ts';
import { rememberTyped, splitAtDashes } from './options/typed-words.ts';
import { refuseNoRun } from './targets/ref.ts';
import { usageError } from './help/usage-error.ts';
import { VERSION } from '../version.ts';

/** Runs what was typed. @throws whatever the command does; `UsageError`; commander's error after help and version. */
export async function runProgram(typed: readonly string[]): Promise<void> {
  if (typed[0] === '__complete') return writeCompletions(typed.slice(1));
  const asked = commandFirst(daemonFirst(typed));
  const topic = asked[0] === 'help' ? TOPICS.find(({ name }) => name === asked[1]) : undefined;
  if (topic !== undefined) return void process.stdout.write(formatTopic(topic, new Command()));
  const argv = askedForHelp(asked);
  const [called, ...words] = argv;
  const program = await buildProgram(called, words);
  if (argv.length === 0) process.stdout.write(formatShortHelp(program));
  else await program.parseAsync([...argv], { from: 'user' });
}

/** Asked by shells, so it stands in no help. */
async function writeCompletions(words: readonly string[]): Promise<void> {
  const { complete } = await import('./completion/complete.ts');
  const found = await complete(words, buildProgram);
  process.stdout.write(found.map((each) => `${each}\n`).join(''));
}

/** `help list` is `list --help`; what is no command is told so by commander. */
function askedForHelp(argv: readonly string[]): readonly string[] {
  const [first, name, ...rest] = argv;
  if (first !== 'help') return argv;
  if (name === undefined) return ['--help'];
  return COMMANDS.some((command) => command.name === name) ? [name, ...rest, '--help'] : [name];
}

/**
 * @param called the command that is needed in full; of all others only name and summary are known.
 * @param words what was typed for it, so that an error can say how to type it.
 */
export async function buildProgram(called: string | undefined, words: readonly string[] = []): Promise<Command> {
  const program = prepare(new Command('jobsched'), words)
    .description('Runs shell commands once or on a schedule, and shows what they printed.')
    .usage('<command> [flags]')
    .helpOption('-h, --help', 'show help, also of a command')
    .helpCommand('help [command]', 'show help')
    .version(VERSION, '-V, --version', 'print the version')
    .hook('preAction', (_program, command) => refuseUnreadableRefs(command));
  withExamples(program, [
    'jobsched standalone',
    'jobsched submit --follow -- echo hello',
    'jobsched submit date --name tick --cron "*/10 * * * * *"',
    'jobsched list',
  ]);
  for (const { name, summary, load } of COMMANDS) {
    const command = name === called ? await load() : new Command(name);
    program.addCommand(prepare(command.summary(summary), words));
  }
  return program;
}

/** What a script gives when its variable is empty, and what looks like a run and can be none. @throws UsageError */
function refuseUnreadableRefs(command: Command): void {
  const { refs } = splitAtDashes(command, command.args);
  const argument = command.registeredArguments[0]?.name();
  const what = argument === 'job' ? "a job's name" : 'the name of a job or run';
  if ((argument === 'job' || argument === 'ref') && refs.includes('')) {
    throw new UsageError(`${what} is missing: an argument is empty`);
  }
  if (argument === 'ref') for (const ref of refs) refuseNoRun(ref);
}

/**
 * Errors and exits become exceptions: `failure.ts` words them, `main.ts` does the exit. A group, such as `import`, is
 * prepared with its commands; called without one it shows its help.
 */
function prepare(command: Command, words: readonly string[]): Command {
  for (const inner of command.commands) prepare(inner, words.slice(1));
  if (command.commands.length > 0) command.helpCommand(false);
  rememberTyped(command, words);
  return (
    command
      .addOption(debugOption())
      // Flags behind an inner command are that one's: both may have a --server.
      .enablePositionalOptions()
      .exitOverride((error) => {
        if (error.code === 'commander.help') throw new CommanderError(EXIT.usage, error.code, error.message);
        throw error.exitCode === 0 ? error : usageError(error, command, words);
      })
      .configureHelp({ formatHelp })
      .helpOption('-h, --help', 'show this help')
      .configureOutput({ outputError: () => undefined })
  );
}

/** Flags may stand before the command as well: they are its flags, so they go behind it. */
export function commandFirst(typed: readonly string[]): readonly string[] {
  const at = commandIndex(typed);
  const name = typed[at];
  if (name === undefined) return typed;
  const [inner = '', ...rest] = typed.slice(at + 1);
  const isOfGroup = COMMANDS.some((command) => command.isGroup && command.name === name) && !inner.startsWith('-');
  if (isOfGroup && inner !== '') return [name, inner, ...typed.slice(0, at), ...rest];
  return [name, ...typed.slice(0, at), ...typed.slice(at + 1)];
}

/** @returns where the command's name stands; −1 when an unknown flag or `--` comes before it. */
function commandIndex(typed: readonly string[]): number {
  for (let at = 0; at < typed.length; at += 1) {
    const word = typed[at] ?? '';
    if (!word.startsWith('-')) return at;
    const [flag = '', value] = word.split('=', 2);
    const takesValue = TAKES_VALUE.get(flag);
    if (takesValue === undefined) return -1;
    if (takesValue && value === undefined) at += 1;
  }
  return -1;
}
