/** How the values of flags are read. What is wrong with one is said before any server is asked. */
import { InvalidArgumentError } from 'commander';
import { UsageError } from '../help/failure.ts';
import { parseSeconds } from '../format/parse-duration.ts';

/** `90`, `90s`, `5m`, `1h30m`, `2d`: in seconds. */
export function secondsArgument(text: string): number {
  const seconds = parseSeconds(text);
  if (seconds === null) throw new InvalidArgumentError('Write it like 90, 90s, 5m, 1h30m or 2d.');
  return seconds;
}

/** An empty one is a variable of a script that is not set, and must not mean another kind of job. */
export function scheduleArgument(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError("Write it like '0 2 * * *', @hourly or '@every 90s'.");
  return text;
}

export function integerArgument(text: string): number {
  if (!/^[+-]?\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

export const countArgument = atLeast(1);
export const naturalArgument = atLeast(0);

/** @throws UsageError for a list that is to be both whole and short. */
export function refuseAllAndSome({ all, limit }: { readonly all?: true; readonly limit?: number }): void {
  if (all && limit !== undefined) throw new UsageError('--all and --limit exclude each other');
}

function atLeast(least: number): (text: string) => number {
  return (text) => {
    const count = integerArgument(text);
    if (count < least) throw new InvalidArgumentError(`It must be ${least} or more.`);
    return count;
  };
}

/** `1,2,75`. */
export function integersArgument(text: string): readonly number[] {
  return text.split(',').map(integerArgument);
}

const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20 };

/** `65536`, `512KiB`, `16MiB`. */
export function bytesArgument(text: string): number {
  const [, count, unit = ''] = /^(\d{1,10})(KiB|MiB)?$/.exec(text) ?? [];
  if (count === undefined) throw new InvalidArgumentError('Write it like 65536, 512KiB or 16MiB.');
  return Number(count) * (UNITS[unit] ?? 1);
}

/** For a flag that may come several times, or with commas. */
export function listArgument(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(',').filter((word) => word !== '')];
}

/** The same, of what is looked for: an empty one is a variable of a script that is not set, and must not mean all. */
export function wantedListArgument(text: string, before?: readonly string[]): readonly string[] {
  const words = listArgument(text, before);
  if (words.length === (before?.length ?? 0)) throw new InvalidArgumentError(NOTHING_WANTED);
  return words;
}

/** What is looked for, as one text. */
export function wantedArgument(text: string): string {
  if (text === '') throw new InvalidArgumentError(NOTHING_WANTED);
  return text;
}

const NOTHING_WANTED = 'It is empty. Leave it out to mean all.';

/** `K=V`, several times. The value may hold anything, an `=` too. */
export function pairArgument(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it like NAME=value.');
  return Object.fromEntries([...Object.entries(before), [text.slice(0, at), text.slice(at + 1)]]);
}
