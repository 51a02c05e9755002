/** The terminal's keys, as a full-screen program gets them: one at a time, at once and unseen. */

export interface Keyboard {
  /** Takes it, also when somebody else had it meanwhile. */
  start(): void;
  /** Hands it back to lines. */
  stop(): void;
}

export const NO_KEYBOARD: Keyboard = { start: () => undefined, stop: () => undefined };

/** Where a key is no character, its name. */
const NAMES: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001b': 'escape',
  '\u001b[A': 'up',
  '\u001bOA': 'up',
  '\u001b[B': 'down',
  '\u001bOB': 'down',
};

/** What a terminal makes of keys as long as nobody takes them: for all who work at the command, not for us alone. */
const SIGNALS: Readonly<Record<string, NodeJS.Signals>> = {
  '\u0003': 'SIGINT',
  '\u001c': 'SIGQUIT',
  '\u001a': 'SIGTSTP',
};

/** Does nothing where standard input is no terminal: then there are signals. @param take is given each key. */
export function openKeyboard(take: (key: string) => void): Keyboard {
  const { stdin } = process;
  if (!stdin.isTTY) return NO_KEYBOARD;
  const onData = (bytes: Buffer): void => {
    for (const key of keysOf(bytes.toString())) {
      const signal = SIGNALS[key];
      if (signal === undefined) take(NAMES[key] ?? key);
      else process.kill(0, signal);
    }
  };
  const stop = (): void => {
    stdin.off('data', onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
  return {
    start: () => {
      // What is thought to be set is not set again.
      stop();
      stdin.setRawMode(true);
      stdin.on('data', onData);
      stdin.resume();
    },
    stop,
  };
}

/** A key that is no character comes as some, all at once. */
function keysOf(typed: string): readonly string[] {
  // oxlint-disable-next-line no-control-regex -- it begins with one
  return typed.match(/\u001b(?:\[[\d;]*[A-Za-z~]|O[A-Z])|[^]/gu) ?? [];
}
