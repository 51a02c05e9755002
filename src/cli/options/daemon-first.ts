/** The command line of the system that this one replaces: flags without a command. */
import { TAKES_VALUE } from './client-options.ts';
import { COMMANDS } from '../commands.ts';

const WORKER = '--worker';
/** A worker listens on nothing, but its old command line could say so all the same. */
const PORT = '--port';
const VERSION_FLAGS = new Set(['-V', '--version', '--']);

/**
 * `--port 9000` is `serve --port 9000`; `--worker --redis-db 1` is `worker --redis-db 1`. What names a command somewhere
 * stays as it is, and so do the flags that stand before any command. Looks at no settings: clients need not load them.
 */
export function daemonFirst(typed: readonly string[]): readonly string[] {
  const [first = ''] = typed;
  if (!first.startsWith('-') || VERSION_FLAGS.has(first) || TAKES_VALUE.has(flagName(first))) return typed;
  if (typed.some((word) => COMMANDS.some(({ name }) => name === word))) return typed;
  if (!typed.includes(WORKER)) return ['serve', ...typed];
  return ['worker', ...withoutPort(typed.filter((word) => word !== WORKER))];
}

const flagName = (word: string): string => word.split('=', 1)[0] ?? '';

function withoutPort(words: readonly string[]): readonly string[] {
  return words.filter((word, at) => flagName(word) !== PORT && words[at - 1] !== PORT);
}
