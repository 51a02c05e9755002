/** `top` on a terminal: what is known is drawn anew when it changes and at each key, until somebody ends it. */
import { snapshot, type Snapshot } from './snapshot.ts';
import { BEGINNING, onKey, shownRuns, type TopEffect, type TopState } from './state.ts';
import { tail } from './tail.ts';
import { view } from './views.ts';
import { EXIT } from '../exit-code.ts';
import { enterFullScreen } from '../live/full-screen.ts';
import { openKeyboard } from '../live/keyboard.ts';
import { outdatedLine, type Outdated } from '../live/outdated.ts';
import { runName } from '../run/run-words.ts';
import type { Session } from '../session.ts';
import { sizeOf } from '../print/terminal.ts';
import { unlessAborted, untilInterrupted } from '../live/until-interrupted.ts';
import { whenChanged } from '../live/when-changed.ts';
import { frameOf } from './frame.ts';
import { JobschedError, type Client } from '../../client/client.ts';

/** What is known, and since when no more could be learnt. */
interface Known {
  readonly snapshot: Snapshot;
  /** The end of a run's log. */
  readonly log: { readonly run: string; readonly text: string } | null;
  readonly outdated: Outdated | null;
}

export function live(opened: Session, first: Snapshot): Promise<number> {
  return untilInterrupted(async (stop) => {
    const { signal } = stop;
    const session = { ...opened, client: opened.client.with({ signal }) };
    const changed = whenChanged(session, signal);
    let code: number = EXIT.interrupted;
    let state = BEGINNING;
    let known: Known = { snapshot: first, log: null, outdated: null };

    let begun = 0;
    const draw = async (): Promise<void> => {
      begun += 1;
      const mine = begun;
      const text = await drawn(session, known, state);
      // One that was begun later shows more, and may be done sooner.
      if (mine === begun && !signal.aborted) await screen.draw(text);
    };
    // Drawn at once by what is known: to ask again would take its time, and windows are resized in many steps.
    const redraw = (): void => void draw();
    const carryOut = async (effect: TopEffect): Promise<void> => {
      if (effect.kind === 'quit') {
        code = EXIT.ok;
        stop.abort();
        return;
      }
      if (effect.kind !== 'look') {
        const notice = await outcome(session.client, effect, signal);
        state = { ...state, notice };
        redraw();
      }
      changed.mark();
    };
    const keyboard = openKeyboard((key) => {
      const step = onKey(state, key, shownRuns(known.snapshot, state));
      state = step.state;
      if (step.effect !== null) void carryOut(step.effect);
      redraw();
    });

    const screen = await enterFullScreen(session.out, { redraw, keyboard });
    try {
      while (!signal.aborted) {
        await draw();
        await changed.next();
        known = (await unlessAborted(learnt(session, known, state), signal)) ?? known;
      }
    } finally {
      await screen.leave('');
    }
    return code;
  });
}

/** A server that is away may come back: until then what was known stays, and is said to be old. */
async function learnt(session: Session, before: Known, { mode }: TopState): Promise<Known> {
  try {
    if (mode.kind !== 'log') return { snapshot: await snapshot(session), log: before.log, outdated: null };
    const { id: run } = mode.run;
    const text = await tail(session.client, run, sizeOf(session.out).rows);
    return { ...before, log: { run, text }, outdated: null };
  } catch (error) {
    if (!(error instanceof JobschedError)) throw error;
    return { ...before, outdated: { error, since: before.outdated?.since ?? session.moment().now } };
  }
}

/** In words. */
async function outcome(
  { runs }: Client,
  { kind, run }: Extract<TopEffect, { run: unknown }>,
  signal: AbortSignal,
): Promise<string> {
  try {
    if (kind === 'retry') return `${runName(run)} runs again as ${runName(await runs.retry(run.id))}`;
    const { status } = await runs.cancel(run.id);
    return `${status === 'running' ? 'cancelling' : 'cancelled'} ${runName(run)}`;
  } catch (error) {
    if (signal.aborted) return '';
    if (error instanceof JobschedError) return error.message;
    throw error;
  }
}

async function drawn(session: Session, { snapshot: now, log, outdated }: Known, state: TopState): Promise<string> {
  const frame = await frameOf(session, now, sizeOf(session.out).rows);
  const isShown = state.mode.kind === 'log' && state.mode.run.id === log?.run;
  const text = await view(now, state, isShown ? log.text : null, frame);
  return outdated === null ? text : `${outdatedLine(outdated, frame.moment.now, frame.paint)}\n${text}`;
}
