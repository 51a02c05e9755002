/**
 * The terminal's second screen, which full-screen programs use, so that what stood there before comes back: also when the
 * program is told to end or to stop for a while, is hung up on, or ends by a bug.
 */
import { constants } from 'node:os';
import { NO_KEYBOARD, type Keyboard } from './keyboard.ts';
import { sizeOf, write, type Screen } from '../print/terminal.ts';

export interface FullScreen {
  /** From the top; lines that do not fit below are left out. */
  draw(text: string): Promise<void>;
  /** Gives the terminal back, with a text on it. */
  leave(text: string): Promise<void>;
}

export interface FullScreenOptions {
  /** Called when the window has another size, or when the program goes on after it was stopped. */
  readonly redraw: () => void;
  /** Taken together with the screen, and given back with it. */
  readonly keyboard?: Keyboard;
}

// The other screen; no cursor; what is too long for a line is cut, not wrapped.
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';

/** Ctrl-C is for who draws to hear of: see `untilInterrupted`. */
const ENDING = ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const satisfies readonly NodeJS.Signals[];

export async function enterFullScreen(
  out: Screen,
  { redraw, keyboard = NO_KEYBOARD }: FullScreenOptions,
): Promise<FullScreen> {
  // A terminal takes it before this returns, so it is enough also where the process ends right after. The end of the
  // process gives the keyboard back.
  const giveBack = (): void => void out.write(LEAVE);
  // The keyboard first: to take it stops a process in the background (`&`, `bg`) until there is a screen to take.
  const take = (): void => {
    keyboard.start();
    out.write(ENTER);
  };
  const end = (signal: NodeJS.Signals): void => {
    // oxlint-disable-next-line unicorn/no-process-exit -- who says so waits for nothing
    process.exit(128 + constants.signals[signal]);
  };
  const stopForAWhile = (): void => {
    keyboard.stop();
    giveBack();
    process.off('SIGTSTP', stopForAWhile);
    // With nobody to hear it, it stops the process here until SIGCONT; or not at all where no shell could say that.
    process.kill(process.pid, 'SIGTSTP');
    process.on('SIGTSTP', stopForAWhile);
    take();
    redraw();
  };
  // A shell has set its own keyboard meanwhile. After SIGSTOP, this is all that tells.
  const goOn = (): void => {
    keyboard.start();
    redraw();
  };
  process.on('exit', giveBack);
  // Before the bug is told, or nobody would see it.
  process.once('uncaughtExceptionMonitor', giveBack);
  for (const signal of ENDING) process.on(signal, end);
  take();
  // From here on it may be drawn.
  process.on('SIGTSTP', stopForAWhile);
  process.on('SIGCONT', goOn);
  out.on('resize', redraw);
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
      process.off('SIGTSTP', stopForAWhile);
      process.off('SIGCONT', goOn);
      out.off('resize', redraw);
      keyboard.stop();
      await write(out, LEAVE + text);
    },
  };
}
