/** A choice that this browser remembers. */
import { effect, signal, type Signal } from '@preact/signals';

/**
 * A signal that starts as it was left, or as `choices[0]`.
 *
 * @param name under which it is kept.
 */
export function storedChoice<Choice extends string>(
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Signal<Choice> {
  const key = `jobsched.${name}`;
  const choice = signal(choices.find((one) => one === read(key)) ?? choices[0]);
  effect(() => write(key, choice.value));
  return choice;
}

// Storage may be forbidden: then a choice lasts until the page is left.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}
