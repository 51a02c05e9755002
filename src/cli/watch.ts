/**
 * `--watch`: on a terminal a screen that is drawn anew whenever the server says that something changed, and every few
 * seconds, since times pass; anywhere else the objects that changed, one a line.
 *
 * The screen is the terminal's second one, which full-screen programs use, so that what stood there before comes back.
 */
import { setTimeout } from 'node:timers/promises';
import { EXIT } from './exit-code.ts';
import type { Session } from './session.ts';
import { sizeOf, write } from './terminal.ts';
import { SECOND, type Millis } from '../domain/instant.ts';

export interface Watched {
  /** What a screen shows now, made to fit. */
  readonly frame: () => Promise<string>;
  /** What goes into a pipe: the line of each thing, by what it goes by. */
  readonly objects: () => Promise<ReadonlyMap<string, string>>;
}

/** Between two looks at least, and at most. */
const SOON: Millis = 250;
const LATE: Millis = 2 * SECOND;

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
  const dirty = changes(session, signal);
  out.on('resize', dirty.mark);
  let last = await frame();
  // The other screen; no cursor.
  await write(out, '\u001b[?1049h\u001b[?25l');
  try {
    while (!signal.aborted) {
      // From the top: each line with what was right of it removed, and what was below the last.
      const lines = last.trimEnd().split('\n').slice(0, sizeOf(out).rows);
      await write(out, `\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\n')}\u001b[J`);
      await dirty.next();
      if (!signal.aborted) last = await frame();
    }
  } finally {
    out.off('resize', dirty.mark);
    await write(out, `\u001b[?25h\u001b[?1049l${last}`);
  }
}

async function intoPipe(session: Session, { objects }: Watched, signal: AbortSignal): Promise<void> {
  const dirty = changes(session, signal);
  let before: ReadonlyMap<string, string> = new Map();
  while (!signal.aborted) {
    const now = await objects();
    const changed = [...now].filter(([key, line]) => before.get(key) !== line).map(([, line]) => line);
    if (changed.length > 0) await write(session.out, changed.toReversed().join(''));
    before = now;
    await dirty.next();
  }
}

interface Changes {
  readonly mark: () => void;
  /** Resolves when it is time to look again, or the signal ends it. */
  readonly next: () => Promise<void>;
}

/** The server's events, gathered: many at once are one look. */
function changes({ client }: Session, signal: AbortSignal): Changes {
  let isDirty = false;
  let wake: (() => void) | null = null;
  const mark = (): void => {
    isDirty = true;
    wake?.();
  };
  signal.addEventListener('abort', mark);
  void (async () => {
    try {
      for await (const { event } of client.events({ signal })) if (event !== 'open') mark();
    } catch {
      // A server without events, or that is away: then only the clock says when to look, and the look what is wrong.
    }
  })();
  return {
    mark,
    next: async () => {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      if (!isDirty) await Promise.race([woken, pause(LATE, signal)]);
      if (!signal.aborted) await pause(SOON, signal);
      wake = null;
      isDirty = false;
    },
  };
}

async function pause(length: Millis, signal: AbortSignal): Promise<void> {
  await setTimeout(length, undefined, { signal }).catch(() => undefined);
}
