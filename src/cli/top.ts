/** `jobsched top`: what runs, what waits, who works and what failed, as it changes. */
import type { Command } from 'commander';
import { clientCommand, type ClientFlags } from './client-options.ts';
import { EXIT } from './exit-code.ts';
import { escapeLine } from './format/escape.ts';
import { roughDuration } from './format/duration.ts';
import { enterFullScreen } from './full-screen.ts';
import { withExamples } from './help.ts';
import { takeKeys } from './keys.ts';
import { withSession, type Session } from './session.ts';
import { sizeOf, widthOf, write } from './terminal.ts';
import { picture } from './top/picture.ts';
import { snapshot, type Snapshot } from './top/snapshot.ts';
import { whenChanged } from './when-changed.ts';
import { thisMachine } from '../config/machine.ts';
import { JobschedError } from '../client/client.ts';
import type { Instant } from '../domain/instant.ts';

export function topCommand(): Command {
  const command = clientCommand('top').description(
    'Show what runs, what waits, who works and what failed, live: q or Ctrl-C ends it. Where it cannot draw, as into a ' +
      'pipe, it is printed once.',
  );
  withExamples(command, ['jobsched top', 'jobsched top --context prod', 'jobsched top | head']);
  return command.action((flags: ClientFlags) => withSession(flags, top));
}

async function top(session: Session): Promise<number> {
  const first = await snapshot(session);
  const draws = session.out.isTTY === true && thisMachine().env['TERM'] !== 'dumb';
  if (draws) return live(session, first);
  await write(session.out, await drawn(session, { snapshot: first, trouble: null }, Number.POSITIVE_INFINITY));
  session.err.write('this is no terminal that can be drawn on, so this was it once\n');
  return EXIT.ok;
}

/** What is known, and since when no more could be learnt. */
interface Known {
  readonly snapshot: Snapshot;
  readonly trouble: { readonly error: JobschedError; readonly since: Instant } | null;
}

async function live(session: Session, first: Snapshot): Promise<number> {
  const { out } = session;
  const stop = new AbortController();
  let code: number = EXIT.interrupted;
  const interrupt = (): void => stop.abort();
  const changed = whenChanged(session, stop.signal);
  let known: Known = { snapshot: first, trouble: null };
  const screen = await enterFullScreen(out);
  const draw = async (): Promise<void> => {
    const text = await drawn(session, known, sizeOf(out).rows);
    if (!stop.signal.aborted) await screen.draw(text);
  };
  // Drawn at once by what is known: to ask again would take its time, and windows are resized in many steps.
  const redraw = (): void => void draw();
  const keys = takeKeys((key) => {
    if (key === 'q') code = EXIT.ok;
    if (key === 'q' || key === CTRL_C) stop.abort();
  });
  process.once('SIGINT', interrupt);
  out.on('resize', redraw);
  try {
    while (!stop.signal.aborted) {
      await draw();
      await changed.next();
      if (!stop.signal.aborted) known = await learnt(session, known);
    }
  } finally {
    out.off('resize', redraw);
    process.off('SIGINT', interrupt);
    keys.stop();
    await screen.leave('');
  }
  return code;
}

const CTRL_C = '\u0003';

/** A server that is away may come back: until then what was known stays, and is said to be old. */
async function learnt(session: Session, { snapshot: before, trouble }: Known): Promise<Known> {
  try {
    return { snapshot: await snapshot(session), trouble: null };
  } catch (error) {
    if (!(error instanceof JobschedError)) throw error;
    return { snapshot: before, trouble: { error, since: trouble?.since ?? session.moment().now } };
  }
}

async function drawn(session: Session, { snapshot: now, trouble }: Known, height: number): Promise<string> {
  const { out, server, context } = session;
  const paint = await session.paintFor(out);
  const moment = session.moment();
  const title = `jobsched ${now.stats.version} · ${context === null ? '' : `${context} · `}${server}`;
  const frame = { width: widthOf(out), height: height - 1, paint, moment, title };
  const text = await picture(now, frame);
  if (trouble === null) return text;
  const since = roughDuration(moment.now - trouble.since);
  return `${paint.bad(escapeLine(`old by ${since}: ${trouble.error.message}`))}\n${text}`;
}
