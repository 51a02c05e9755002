/** `top` on a terminal: what is known is drawn anew when it changes and at each key, until somebody ends it. */
import { openActions } from './actions.ts';
import { snapshot, type Snapshot } from './snapshot.ts';
import { BEGINNING, onKey, shownRuns, type TopEffect, type TopState } from './state.ts';
import { tail, type Tail } from './tail.ts';
import { view } from './views.ts';
import { EXIT } from '../exit-code.ts';
import { escapeLine } from '../format/escape.ts';
import { enterFullScreen } from '../live/full-screen.ts';
import { openKeyboard } from '../live/keyboard.ts';
import { learnt, outdatedLine, type Known } from '../live/outdated.ts';
import type { Session } from '../session.ts';
import { sizeOf } from '../print/terminal.ts';
import { untilInterrupted } from '../live/until-interrupted.ts';
import { whenChanged } from '../live/when-changed.ts';
import { frameOf } from './frame.ts';

/** Of the server. */
interface Seen {
  readonly snapshot: Snapshot;
  /** The end of a run's log. */
  readonly log: Tail | null;
}

export function live(opened: Session, first: Snapshot): Promise<number> {
  return untilInterrupted(async (stop) => {
    // `q` ends only this: what was asked for goes on.
    const looking = new AbortController();
    const { signal } = looking;
    stop.signal.addEventListener('abort', () => looking.abort());
    const session = { ...opened, client: opened.client.with({ signal }) };
    const actions = openActions(opened.client);
    const changed = whenChanged(session, signal);
    let state = BEGINNING;
    let known: Known<Seen> = { what: { snapshot: first, log: null }, outdated: null };

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
        looking.abort();
        return;
      }
      if (effect.kind !== 'look') {
        const notice = await actions.carryOut(effect);
        state = { ...state, notice };
        redraw();
      }
      changed.mark();
    };
    const keyboard = openKeyboard((key) => {
      if (signal.aborted) return;
      const step = onKey(state, key, shownRuns(known.what.snapshot, state));
      state = step.state;
      if (step.effect !== null) void carryOut(step.effect);
      redraw();
    });

    const screen = await enterFullScreen(session.out, { redraw, keyboard });
    try {
      while (!signal.aborted) {
        await draw();
        await changed.next();
        const ask = (): Promise<Seen> => look(session, known.what, state);
        known = await learnt(known, { ask, now: () => session.moment().now, signal });
      }
    } finally {
      const outcomes = await actions.finish(stop.signal);
      await screen.leave(outcomes.map((outcome) => `${escapeLine(outcome)}\n`).join(''));
    }
    return stop.signal.aborted ? EXIT.interrupted : EXIT.ok;
  });
}

async function look(session: Session, before: Seen, { mode }: TopState): Promise<Seen> {
  if (mode.kind !== 'log') return { ...before, snapshot: await snapshot(session) };
  return { ...before, log: await tail(session.client, mode.run.id, before.log) };
}

async function drawn(session: Session, { what, outdated }: Known<Seen>, state: TopState): Promise<string> {
  const { snapshot: now, log } = what;
  const frame = await frameOf(session, now, sizeOf(session.out).rows);
  const isShown = state.mode.kind === 'log' && state.mode.run.id === log?.run;
  const text = await view(now, state, isShown ? log.text : null, frame);
  return outdated === null ? text : `${outdatedLine(outdated, frame.moment.now, frame.paint)}\n${text}`;
}
