/**
 * `--watch`: on a terminal a screen that is drawn anew; anywhere else the objects that changed, one a line. Once the server
 * has answered, it is waited for whenever it is away.
 */
import { EXIT } from '../exit-code.ts';
import { enterFullScreen } from './full-screen.ts';
import { openKeyboard } from './keyboard.ts';
import { awayLine, BACK_LINE } from './away.ts';
import { learnt, outdatedLine, type Known } from './outdated.ts';
import type { Session } from '../session.ts';
import { write } from '../print/terminal.ts';
import { unlessAborted, untilInterrupted } from './until-interrupted.ts';
import { whenChanged } from './when-changed.ts';
import { mayReturn } from '../../client/connection-problem.ts';

export interface Watched {
  /** What a screen shows now, made to fit. */
  readonly frame: () => Promise<string>;
  /** What goes into a pipe: the line of each thing, by what it goes by. */
  readonly objects: () => Promise<ReadonlyMap<string, string>>;
}

/** Until Ctrl-C, or until nobody reads. */
export async function watch(session: Session, watched: Watched): Promise<number> {
  await untilInterrupted(({ signal }) =>
    session.out.isTTY ? onScreen(session, watched, signal) : intoPipe(session, watched, signal),
  );
  return EXIT.interrupted;
}

async function onScreen(session: Session, { frame }: Watched, signal: AbortSignal): Promise<void> {
  const { out, moment } = session;
  const changed = whenChanged(session, signal);
  const paint = await session.paintFor(out);
  const first = await unlessAborted(frame(), signal);
  if (first === null) return;
  let known: Known<string> = { what: first, outdated: null };
  const text = (): string => {
    const { what: last, outdated } = known;
    return outdated === null ? last : `${outdatedLine(outdated, moment().now, paint)}\n${last}`;
  };
  const redraw = (): void => {
    void screen.draw(text());
    // What is known was made to fit another size.
    changed.mark();
  };
  // No key says anything, but none shall be seen on the screen; and without it one in the background would be drawn on.
  const keyboard = openKeyboard(() => undefined);
  const screen = await enterFullScreen(out, { redraw, keyboard });
  try {
    while (!signal.aborted) {
      await screen.draw(text());
      await changed.next();
      known = await learnt(known, { ask: frame, now: () => moment().now, signal });
    }
  } finally {
    await screen.leave(text());
  }
}

async function intoPipe(session: Session, { objects }: Watched, signal: AbortSignal): Promise<void> {
  const { out, err } = session;
  const changed = whenChanged(session, signal);
  let before = await unlessAborted(objects(), signal);
  if (before !== null) await write(out, changedLines(before, new Map()));
  let isAway = false;
  while (before !== null && !signal.aborted) {
    await changed.next();
    try {
      const now = await unlessAborted(objects(), signal);
      if (now === null) return;
      if (isAway) err.write(BACK_LINE);
      isAway = false;
      await write(out, changedLines(now, before));
      before = now;
    } catch (error) {
      if (!mayReturn(error)) throw error;
      if (!isAway) err.write(awayLine(error));
      isAway = true;
    }
  }
}

/** The oldest first: lists have the newest first. */
function changedLines(now: ReadonlyMap<string, string>, before: ReadonlyMap<string, string>): string {
  const lines = [...now].filter(([key, line]) => before.get(key) !== line).map(([, line]) => line);
  return lines.toReversed().join('');
}
