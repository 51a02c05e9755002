/** What somebody does in `top`: which run is chosen, what is looked for, what is asked. Pure: what a key comes to. */
import { matching } from './matching.ts';
import type { Snapshot } from './snapshot.ts';
import { runName } from '../run/run-words.ts';
import type { RunView } from '../../client/client.ts';

export interface TopState {
  readonly mode:
    | { readonly kind: 'rows' | 'filter' | 'keys' }
    /** Whether to cancel this run: also when another one is chosen meanwhile. */
    | { readonly kind: 'question'; readonly run: RunView }
    | { readonly kind: 'log'; readonly run: RunView };
  /** The id of the chosen run. */
  readonly chosen: string | null;
  /** Only what has this text in it. */
  readonly filter: string;
  /** What came of the last key. */
  readonly notice: string;
}

/** What has to be done for a key. */
export type TopEffect =
  | { readonly kind: 'quit' }
  /** Something else is shown, which is not known yet, or is old. */
  | { readonly kind: 'look' }
  | { readonly kind: 'retry' | 'cancel'; readonly run: RunView };

export interface TopStep {
  readonly state: TopState;
  readonly effect: TopEffect | null;
}

/** For people: `?` shows them. */
export const KEYS: readonly (readonly [key: string, what: string])[] = [
  ['j k, arrows', 'choose a run'],
  ['l', 'its log, the newest lines as they come'],
  ['r', 'run it again'],
  ['c', 'cancel it, after a question'],
  ['/', 'show only what has a text in it; Enter keeps it, Escape shows all'],
  ['?', 'these keys'],
  ['q, Ctrl-C', 'end'],
];

const ROWS = { kind: 'rows' } as const;

export const BEGINNING: TopState = { mode: ROWS, chosen: null, filter: '', notice: '' };

/** The runs that can be chosen, as they stand on the screen. */
export function shownRuns(snapshot: Snapshot, { filter }: TopState): readonly RunView[] {
  const { running, failed } = matching(snapshot, filter);
  return [...running, ...failed];
}

/** @param runs those that can be chosen. */
export function onKey(before: TopState, key: string, runs: readonly RunView[]): TopStep {
  const state = { ...before, notice: '' };
  switch (state.mode.kind) {
    case 'rows':
      return onKeyAtRows(state, key, runs);
    case 'filter':
      return just(onKeyInFilter(state, key));
    case 'question': {
      const { run } = state.mode;
      if (key !== 'y') return just({ ...state, mode: ROWS });
      return { state: { ...state, mode: ROWS, notice: `cancelling ${runName(run)}` }, effect: { kind: 'cancel', run } };
    }
    case 'keys':
      return just({ ...state, mode: ROWS });
    case 'log':
      return { state: { ...state, mode: ROWS }, effect: { kind: 'look' } };
  }
}

const just = (state: TopState): TopStep => ({ state, effect: null });

function onKeyAtRows(state: TopState, key: string, runs: readonly RunView[]): TopStep {
  if (key === 'q') return { state, effect: { kind: 'quit' } };
  if (key === '?') return just({ ...state, mode: { kind: 'keys' } });
  if (key === '/') return just({ ...state, mode: { kind: 'filter' } });
  if (key === 'escape') return just({ ...state, filter: '' });
  const step = STEPS[key];
  if (step !== undefined) return just({ ...state, chosen: neighbour(state.chosen, step, runs) });
  if (!ABOUT_RUNS.has(key)) return just(state);
  const run = runs.find(({ id }) => id === state.chosen);
  if (run === undefined) return just({ ...state, notice: 'choose a run first, with j and k or the arrows' });
  if (key === 'c') return just({ ...state, mode: { kind: 'question', run } });
  if (key === 'r') return { state: { ...state, notice: `retrying ${runName(run)}` }, effect: { kind: 'retry', run } };
  return { state: { ...state, mode: { kind: 'log', run } }, effect: { kind: 'look' } };
}

const STEPS: Readonly<Record<string, 1 | -1>> = { j: 1, down: 1, k: -1, up: -1 };
const ABOUT_RUNS: ReadonlySet<string> = new Set(['c', 'r', 'l']);

/** The first or the last where none is chosen, or no longer there. */
function neighbour(chosen: string | null, step: 1 | -1, runs: readonly RunView[]): string | null {
  const at = runs.findIndex(({ id }) => id === chosen);
  const from = at < 0 && step < 0 ? runs.length : at;
  const next = Math.min(Math.max(from + step, 0), runs.length - 1);
  return runs[next]?.id ?? null;
}

function onKeyInFilter(state: TopState, key: string): TopState {
  if (key === 'enter') return { ...state, mode: ROWS };
  if (key === 'escape') return { ...state, mode: ROWS, filter: '' };
  if (key === 'backspace') return { ...state, filter: [...state.filter].slice(0, -1).join('') };
  return [...key].length === 1 && key >= ' ' ? { ...state, filter: state.filter + key } : state;
}
