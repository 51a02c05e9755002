/** What a message on `<prefix>hints` says: see lib/effects.lua. */
import type { Hint } from '../../store.ts';

/** After a gap nobody knows what was missed. */
export const MISSED: readonly Hint[] = [{ kind: 'schedule' }, { kind: 'change' }];

/** Without what a newer version may say. */
export function hintsOf(message: string): Hint[] {
  return message.split('\n').flatMap((line) => hintOf(line) ?? []);
}

function hintOf(line: string): Hint | null {
  const rest = line.slice(1);
  if (line === 's') return { kind: 'schedule' };
  if (line === 'n') return { kind: 'change' };
  if (line.startsWith('w')) return { kind: 'work', queue: rest };
  if (line.startsWith('d')) return { kind: 'drain', worker: rest };
  return line.startsWith('c') ? { kind: 'cancel', run: rest } : null;
}
