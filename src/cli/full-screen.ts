/**
 * The terminal's second screen, which full-screen programs use, so that what stood there before comes back: also when the
 * program is told to end, hung up on, or ends by a bug.
 */
import { constants } from 'node:os';
import { sizeOf, write, type Screen } from './terminal.ts';

export interface FullScreen {
  /** From the top; lines that do not fit below are left out. */
  draw(text: string): Promise<void>;
  /** Gives the terminal back, with a text on it. */
  leave(text: string): Promise<void>;
}

// The other screen; no cursor; what is too long for a line is cut, not wrapped.
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';

const ENDING = ['SIGTERM', 'SIGHUP'] as const satisfies readonly NodeJS.Signals[];

export async function enterFullScreen(out: Screen): Promise<FullScreen> {
  // A terminal takes it before this returns, so it is enough also where the process ends right after.
  const giveBack = (): void => void out.write(LEAVE);
  const end = (signal: NodeJS.Signals): void => {
    // oxlint-disable-next-line unicorn/no-process-exit -- what was under way only looked
    process.exit(128 + constants.signals[signal]);
  };
  process.once('exit', giveBack);
  // Before the bug is told, or nobody would see it.
  process.once('uncaughtExceptionMonitor', giveBack);
  for (const signal of ENDING) process.once(signal, end);
  await write(out, ENTER);
  return {
    draw: (text) => {
      const lines = text.trimEnd().split('\n').slice(0, sizeOf(out).rows);
      // Each line with what was right of it removed, and what was below the last.
      return write(out, `\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J`);
    },
    leave: async (text) => {
      process.off('exit', giveBack);
      process.off('uncaughtExceptionMonitor', giveBack);
      for (const signal of ENDING) process.off(signal, end);
      await write(out, LEAVE + text);
    },
  };
}
