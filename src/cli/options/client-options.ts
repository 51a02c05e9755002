/** The flags that every command shares which talks to a server. */
import { Command, Option } from 'commander';
import { listArgument } from './arguments.ts';

export const FORMATS = ['table', 'wide', 'json', 'jsonl', 'yaml', 'id'] as const;
export type Format = (typeof FORMATS)[number];

export interface ClientFlags {
  readonly server?: string;
  readonly context?: string;
  readonly keyFile?: string;
  readonly utc?: true;
  /** `--no-color` is false. */
  readonly color?: 'auto' | 'always' | 'never' | false;
  /** `--no-input` is false. */
  readonly input?: false;
  readonly output?: Format;
  readonly json?: true;
  readonly fields?: readonly string[];
  readonly watch?: true;
}

/** The heading of the flags that most commands take. */
export const SHARED = 'Shared flags';

/** Said once, for `program.ts` to add to every command and `main.ts` to look for. */
export const DEBUG = '--debug';
export const debugOption = (): Option =>
  new Option(DEBUG, 'tell of an error where in the program it came from').helpGroup(SHARED);

/** A command that asks a server; its own flags and arguments are the caller's to add. */
export function clientCommand(name: string): Command {
  const options = [
    new Option(
      '--server <url>',
      'the server to ask, http unless it says https (also JOBSCHED_SERVER; default: http://localhost:8080)',
    ),
    new Option('--context <name>', 'the server that `jobsched context` knows by this name (also JOBSCHED_CONTEXT)'),
    new Option(
      '--key-file <file>',
      'the file that holds your key, where the server wants one (also JOBSCHED_KEY, JOBSCHED_KEY_FILE)',
    ),
    new Option('--utc', 'show times in UTC rather than in your zone'),
    new Option('--color <when>', 'colour').choices(['auto', 'always', 'never']),
    new Option('--no-input', 'ask nothing, as where there is no terminal'),
    new Option('--no-color', 'no colour; so does NO_COLOR in the environment'),
  ];
  const command = new Command(name);
  for (const option of options) command.addOption(option.helpGroup(SHARED));
  return command;
}

/** For commands that print something scripts may want. */
export function addFormatOptions(command: Command): Command {
  return command
    .addOption(new Option('-o, --output <format>', 'what is printed').choices(FORMATS).helpGroup(SHARED))
    .addOption(new Option('--json', 'the same as -o json').helpGroup(SHARED))
    .addOption(
      new Option('--fields <names>', 'only these fields of -o json, in this order: name,status,last_run.reason')
        .argParser(listArgument)
        .helpGroup(SHARED),
    );
}

/** For commands that show how things stand. */
export function addWatchOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--watch',
      'show it anew whenever it changes; to a pipe, what changed, one JSON object a line',
    ).helpGroup(SHARED),
  );
}

/** What may stand before a command's name, and whether the word after it is its value. */
export const TAKES_VALUE: ReadonlyMap<string, boolean> = new Map([
  ['--server', true],
  ['--context', true],
  ['--key-file', true],
  ['--color', true],
  ['-o', true],
  ['--output', true],
  ['--fields', true],
  ['--watch', false],
  ['--utc', false],
  ['--no-color', false],
  ['--no-input', false],
  ['--json', false],
  ['--debug', false],
  ['-h', false],
  ['--help', false],
]);

export function formatOf(flags: ClientFlags): Format {
  return flags.json ? 'json' : (flags.output ?? 'table');
}
