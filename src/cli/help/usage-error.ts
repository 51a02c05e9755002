/** What is no command line, in commander's own words, with the hint that helps most. */
import type { Command, CommanderError, Option } from 'commander';
import { thisProgram } from './called-as.ts';
import { UsageError } from './failure.ts';
import { shellQuote } from '../../shell-quote.ts';
import { thisMachine } from '../../config/machine.ts';

/** @param words what was typed after the command's name. */
export function usageError(error: CommanderError, command: Command, words: readonly string[]): UsageError {
  const [sentence = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const guess = /^\(Did you mean (.+)\?\)$/.exec(rest.join(' '))?.[1];
  const hints = guess === undefined ? [] : [`Did you mean ${guess}?`];
  if (command.name() === 'edit' && error.message.includes("'--name'")) {
    return new UsageError("a job's name never changes", 'Submit it anew with the other name, and delete this one.');
  }
  const line = error.code === 'commander.unknownOption' ? withDashes(command, words) : null;
  if (line !== null) hints.push('If it belongs to the command to run, put -- before that command:', `  ${line}`);
  if (hints.length > 0) return new UsageError(sentence, hints.join('\n'));
  return new UsageError(sentence, `See: ${pathOf(command)} --help`);
}

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
