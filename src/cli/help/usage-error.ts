/** What is no command line, in commander's own words, with the hint that helps most. */
import type { Command, CommanderError, Option } from 'commander';
import { thisProgram } from './called-as.ts';
import { UsageError } from './failure.ts';
import { shellQuote } from '../../shell-quote.ts';
import { thisMachine } from '../../config/machine.ts';
import { nearest } from '../../config/nearest.ts';

/** @param words what was typed after the command's name. */
export function usageError(error: CommanderError, command: Command, words: readonly string[]): UsageError {
  const [sentence = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const guess = /^\(Did you mean (.+)\?\)$/.exec(rest.join(' '))?.[1];
  const hints = guess === undefined ? [] : [`Did you mean ${guess}?`];
  if (command.name() === 'edit' && error.message.includes("'--name'")) {
    return new UsageError("a job's name never changes", 'Submit it anew with the other name, and delete this one.');
  }
  const plain = WORDED[error.code]?.(command, words);
  if (plain != null) return plain;
  const line = error.code === 'commander.unknownOption' ? withDashes(command, words) : null;
  if (line !== null) hints.push('If it belongs to the command to run, put -- before that command:', `  ${line}`);
  if (hints.length > 0) return new UsageError(sentence, hints.join('\n'));
  return new UsageError(sentence, seeHelp(command));
}

/** What commander says in a way that helps nobody here. */
const WORDED: Readonly<Record<string, (command: Command, words: readonly string[]) => UsageError | null>> = {
  'commander.excessArguments': excess,
  'commander.invalidArgument': noChoice,
  'commander.unknownCommand': otherwiseCalled,
};

/** What other programs call it. What is only misspelt commander finds itself. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  add: 'submit',
  create: 'submit',
  kill: 'cancel',
  ls: 'list',
  remove: 'delete',
  restart: 'run',
  rm: 'delete',
  show: 'get',
  start: 'run, resume or standalone',
  status: 'get, list or top',
  stop: 'cancel or pause',
  update: 'edit',
};

function otherwiseCalled(command: Command): UsageError | null {
  const [name = ''] = command.args;
  const here = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  return here === undefined ? null : new UsageError(`unknown command '${name}'`, `Here it is called ${here}.`);
}

/** Of a group it is a command that there is not; a schedule without quotes is as many words as there are files here. */
function excess(command: Command): UsageError {
  const { args } = command;
  const [first = ''] = args;
  if (command.commands.length > 0) {
    const guess = nearest(
      first,
      command.commands.map((each) => each.name()),
    );
    const hint = guess === null ? seeHelp(command) : `Did you mean ${guess}?`;
    return new UsageError(`unknown command '${first}'`, hint);
  }
  const { length: most } = command.registeredArguments;
  const isSchedule = command.registeredArguments[0]?.name() === 'schedule';
  const quoted = `Put the schedule in quotes: ${thisProgram(thisMachine())} ${command.name()} '0 2 * * *'`;
  const takes = most === 0 ? 'none' : String(most);
  return new UsageError(
    `too many arguments: ${pathOf(command)} takes ${takes}, and got ${args.length}`,
    isSchedule ? quoted : seeHelp(command),
  );
}

/** Flags are read first: then no argument is there yet, and it is not at fault. */
function isNone(given: string | undefined, choices: readonly string[] | undefined): boolean {
  return given !== undefined && choices !== undefined && !choices.includes(given);
}

/** Of an argument that is one of a few words; of a flag commander tells well enough. */
function noChoice(command: Command): UsageError | null {
  const at = command.registeredArguments.findIndex(({ argChoices: choices }, index) =>
    isNone(command.args[index], choices),
  );
  const argument = command.registeredArguments[at];
  if (argument?.argChoices === undefined) return null;
  const given = command.args[at] ?? '';
  const guess = nearest(given, argument.argChoices);
  return new UsageError(
    `${given} is no ${argument.name()}: ${argument.argChoices.join(', ')}`,
    guess === null ? seeHelp(command) : `Did you mean ${guess}?`,
  );
}

const seeHelp = (command: Command): string => `See: ${pathOf(command)} --help`;

/** `jobsched import crontab`. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/**
 * `submit echo -n hi` as it was meant: our own flags first, wherever they stood, then `--` and the command to run.
 *
 * @returns null when there is none to run, and when an unknown flag comes before any command, so that it can only be ours, mistyped.
 */
function withDashes(command: Command, words: readonly string[]): string | null {
  if (!command.registeredArguments.some((each) => each.name() === 'command')) return null;
  const [ours, theirs] = [[] as string[], [] as string[]];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const option = optionOf(command, word);
    (option === undefined ? theirs : ours).push(word);
    const value = words[at + 1];
    if (!option?.required || word.includes('=') || value === undefined) continue;
    ours.push(value);
    at += 1;
  }
  if (theirs[0] === undefined || theirs[0].startsWith('-')) return null;
  const line = [command.name(), ...ours, '--', ...theirs];
  return `${thisProgram(thisMachine())} ${shellQuote(line)}`;
}

function optionOf(command: Command, word: string): Option | undefined {
  const [flag = ''] = word.split('=', 1);
  return command.options.find(({ long, short }) => flag === long || flag === short);
}
