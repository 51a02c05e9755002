/** What was typed for a command, where commander does not tell: which words stood behind `--`. */
import type { Command } from 'commander';

const TYPED = new WeakMap<Command, readonly string[]>();

export function rememberTyped(command: Command, words: readonly string[]): void {
  TYPED.set(command, words);
}

/** Arguments of ours, and the words of a command that the person gave behind `--`; null without one. */
export interface Split {
  readonly refs: readonly string[];
  readonly behind: readonly string[] | null;
}

/** @param args all arguments, as commander gives them: those behind `--` are its last. */
export function splitAtDashes(command: Command, args: readonly string[]): Split {
  const typed = TYPED.get(command) ?? [];
  const at = typed.indexOf('--');
  if (at < 0) return { refs: args, behind: null };
  const behind = typed.slice(at + 1);
  return { refs: args.slice(0, args.length - behind.length), behind };
}
