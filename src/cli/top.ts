/** `jobsched top`: what runs, what waits, who works and what failed, as it changes. */
import type { Command } from 'commander';
import { clientCommand, type ClientFlags } from './client-options.ts';
import { EXIT } from './exit-code.ts';
import { enterFullScreen } from './full-screen.ts';
import { withExamples } from './help.ts';
import { openKeyboard } from './keyboard.ts';
import { outdatedLine, type Outdated } from './outdated.ts';
import { withSession, type Session } from './session.ts';
import { sizeOf, widthOf, write } from './terminal.ts';
import { picture } from './top/picture.ts';
import { snapshot, type Snapshot } from './top/snapshot.ts';
import { unlessAborted, untilInterrupted } from './until-interrupted.ts';
import { whenChanged } from './when-changed.ts';
import { thisMachine } from '../config/machine.ts';
import { JobschedError } from '../client/client.ts';

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
  await write(session.out, await drawn(session, { snapshot: first, outdated: null }, Number.POSITIVE_INFINITY));
  session.err.write('this is no terminal that can be drawn on, so this was it once\n');
  return EXIT.ok;
}

/** What is known, and since when no more could be learnt. */
interface Known {
  readonly snapshot: Snapshot;
  readonly outdated: Outdated | null;
}

function live(session: Session, first: Snapshot): Promise<number> {
  return untilInterrupted(async (stop) => {
    const { out } = session;
    const { signal } = stop;
    let code: number = EXIT.interrupted;
    const changed = whenChanged(session, signal);
    let known: Known = { snapshot: first, outdated: null };
    const draw = async (): Promise<void> => {
      const text = await drawn(session, known, sizeOf(out).rows);
      if (!signal.aborted) await screen.draw(text);
    };
    // Drawn at once by what is known: to ask again would take its time, and windows are resized in many steps.
    const redraw = (): void => void draw();
    const keyboard = openKeyboard((key) => {
      if (key !== 'q') return;
      code = EXIT.ok;
      stop.abort();
    });
    const screen = await enterFullScreen(out, { redraw, keyboard });
    try {
      while (!signal.aborted) {
        await draw();
        await changed.next();
        known = (await unlessAborted(learnt(session, known), signal)) ?? known;
      }
    } finally {
      await screen.leave('');
    }
    return code;
  });
}

/** A server that is away may come back: until then what was known stays, and is said to be old. */
async function learnt(session: Session, { snapshot: before, outdated }: Known): Promise<Known> {
  try {
    return { snapshot: await snapshot(session), outdated: null };
  } catch (error) {
    if (!(error instanceof JobschedError)) throw error;
    return { snapshot: before, outdated: { error, since: outdated?.since ?? session.moment().now } };
  }
}

async function drawn(session: Session, { snapshot: now, outdated }: Known, height: number): Promise<string> {
  const { out, server, context } = session;
  const paint = await session.paintFor(out);
  const moment = session.moment();
  const title = `jobsched ${now.stats.version} · ${context === null ? '' : `${context} · `}${server}`;
  const frame = { width: widthOf(out), height: height - 1, paint, moment, title };
  const text = await picture(now, frame);
  return outdated === null ? text : `${outdatedLine(outdated, moment.now, paint)}\n${text}`;
}
