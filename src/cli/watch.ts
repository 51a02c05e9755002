/** `--watch`: on a terminal a screen that is drawn anew; anywhere else the objects that changed, one a line. */
import { EXIT } from './exit-code.ts';
import { enterFullScreen } from './full-screen.ts';
import type { Session } from './session.ts';
import { write } from './terminal.ts';
import { whenChanged } from './when-changed.ts';

export interface Watched {
  /** What a screen shows now, made to fit. */
  readonly frame: () => Promise<string>;
  /** What goes into a pipe: the line of each thing, by what it goes by. */
  readonly objects: () => Promise<ReadonlyMap<string, string>>;
}

/** Until Ctrl-C, or until nobody reads. */
export async function watch(session: Session, watched: Watched): Promise<number> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end);
  try {
    await (session.out.isTTY ? onScreen(session, watched, stop.signal) : intoPipe(session, watched, stop.signal));
  } finally {
    process.off('SIGINT', end);
  }
  return EXIT.interrupted;
}

async function onScreen(session: Session, { frame }: Watched, signal: AbortSignal): Promise<void> {
  const { out } = session;
  const changed = whenChanged(session, signal);
  out.on('resize', changed.mark);
  let last = await frame();
  const screen = await enterFullScreen(out);
  try {
    while (!signal.aborted) {
      await screen.draw(last);
      await changed.next();
      if (!signal.aborted) last = await frame();
    }
  } finally {
    out.off('resize', changed.mark);
    await screen.leave(last);
  }
}

async function intoPipe(session: Session, { objects }: Watched, signal: AbortSignal): Promise<void> {
  const changed = whenChanged(session, signal);
  let before: ReadonlyMap<string, string> = new Map();
  while (!signal.aborted) {
    const now = await objects();
    const lines = [...now].filter(([key, line]) => before.get(key) !== line).map(([, line]) => line);
    if (lines.length > 0) await write(session.out, lines.toReversed().join(''));
    before = now;
    await changed.next();
  }
}
