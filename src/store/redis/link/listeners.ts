/** Who listens for hints, and what a message on `<prefix>hints` says: see lib/effects.lua. */
import type { Hint } from '../../store.ts';

export class Listeners {
  readonly #report: (fault: unknown) => void;
  readonly #listeners = new Set<(hint: Hint) => void>();

  /** @param report takes what a listener throws: it is nobody else's trouble. */
  constructor(report: (fault: unknown) => void) {
    this.#report = report;
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    // A function of its own, so that the same listener may subscribe twice.
    const own = (hint: Hint): void => listener(hint);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Passes on a message of the channel. */
  hear(message: string): void {
    for (const line of message.split('\n')) {
      const hint = hintOf(line);
      if (hint !== null) this.#tell(hint);
    }
  }

  /** After a gap nobody knows what was missed. */
  missed(): void {
    this.#tell({ kind: 'schedule' });
    this.#tell({ kind: 'change' });
  }

  clear(): void {
    this.#listeners.clear();
  }

  #tell(hint: Hint): void {
    for (const listener of this.#listeners) {
      try {
        listener(hint);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}

/** null for what a newer version may say. */
function hintOf(line: string): Hint | null {
  const rest = line.slice(1);
  if (line === 's') return { kind: 'schedule' };
  if (line === 'n') return { kind: 'change' };
  if (line.startsWith('w')) return { kind: 'work', queue: rest };
  if (line.startsWith('d')) return { kind: 'drain', worker: rest };
  return line.startsWith('c') ? { kind: 'cancel', run: rest } : null;
}
