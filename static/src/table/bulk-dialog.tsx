/**
 * Asks before something is done to many, with their number; does it; and says what it came to.
 *
 *   counting ──► asking ──confirm──► doing ──► done
 */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { countBulk, doBulk, type BulkTally, type BulkWish } from '../api/bulk.ts';
import { ApiError } from '../api/request.ts';
import { number, plural } from '../format/size.ts';
import { announce } from '../parts/announcer.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/problem.tsx';

interface Props {
  readonly wish: BulkWish;
  /** The action in a word. */
  readonly text: string;
  readonly noun: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

type State = 'counting' | 'asking' | 'doing' | 'done';

const NOTHING: BulkTally = { matched: 0, done: 0, refused: [] };
/** So many refusals are shown: the rest are likely the same. */
const MOST_SHOWN = 5;

export function BulkDialog({ wish, text, noun, onDone, onClose }: Props): JSX.Element {
  const state = useSignal<State>('counting');
  const tally = useSignal(NOTHING);
  const error = useSignal<ApiError | null>(null);
  const force = useSignal(false);
  const abort = useMemo(() => new AbortController(), []);
  const go = async (from: State, to: State, work: Promise<BulkTally>): Promise<void> => {
    state.value = from;
    try {
      tally.value = await work;
      state.value = to;
    } catch (cause) {
      if (abort.signal.aborted) return;
      if (!(cause instanceof ApiError)) throw cause;
      error.value = cause;
    }
  };
  useEffect(() => {
    void go('counting', 'asking', countBulk(wish, abort.signal));
    return () => abort.abort();
  }, []);
  const confirm = async (): Promise<void> => {
    tally.value = NOTHING;
    const doing = doBulk({ ...wish, force: force.value }, abort.signal, (so) => (tally.value = so));
    await go('doing', 'done', doing);
    if (error.value === null) announce(`${text}: ${number(tally.value.done)} done`);
  };
  const close = (): void => {
    if (state.value === 'done') onDone();
    onClose();
  };
  const { matched, done, refused } = tally.value;
  const title = { counting: `${text}…`, asking: `${text} ${plural(matched, noun)}?`, doing: `${text}…`, done: text };
  return (
    <Dialog title={title[state.value]} onClose={close}>
      {error.value !== null && <Problem error={error.value} />}
      {state.value === 'counting' && error.value === null && <p class="quiet">Counting…</p>}
      {state.value === 'asking' && <Question wish={wish} tally={tally.value} noun={noun} force={force} />}
      {(state.value === 'doing' || state.value === 'done') && (
        <p role="status">
          {number(done)} done{refused.length > 0 && `, ${number(refused.length)} refused`}
        </p>
      )}
      {refused.slice(0, MOST_SHOWN).map(({ id, problem }) => (
        <p key={id} class="quiet refused">
          <code>{id}</code> {problem.detail}
        </p>
      ))}
      <div class="buttons end">
        <button type="button" autofocus onClick={close}>
          {state.value === 'done' ? 'Close' : state.value === 'doing' ? 'Stop' : 'Not now'}
        </button>
        {state.value === 'asking' && matched > 0 && (
          <button
            type="button"
            class={wish.action === 'delete' || wish.action === 'cancel' ? 'danger' : 'primary'}
            onClick={() => void confirm()}
          >
            {text} {number(matched)}
          </button>
        )}
      </div>
    </Dialog>
  );
}

interface QuestionProps {
  readonly wish: BulkWish;
  readonly tally: BulkTally;
  readonly noun: string;
  readonly force: { value: boolean };
}

const CONSEQUENCES: Readonly<Record<BulkWish['action'], string>> = {
  run: 'Each gets a run by hand now.',
  retry: 'Each job gets a new run now, as the job is now.',
  pause: 'They stop coming until they are resumed. Runs that exist are left alone.',
  resume: 'They come again from their next time on.',
  cancel: 'What waits is dropped, and what runs is ended.',
  delete: 'They are removed with their runs and their output. This cannot be undone.',
};

function Question({ wish, tally, noun, force }: QuestionProps): JSX.Element {
  if (tally.matched === 0) return <p>There is no {noun} that this would change.</p>;
  const forcible = {
    run: 'Also where a run is live',
    retry: 'Also where a run is live',
    delete: 'Also with runs that are running: they are cancelled',
  };
  const words = wish.action in forcible ? forcible[wish.action as keyof typeof forcible] : null;
  return (
    <>
      <p>{CONSEQUENCES[wish.action]}</p>
      {words !== null && (
        <label class="toggle">
          <input
            type="checkbox"
            checked={force.value}
            onChange={(event) => (force.value = event.currentTarget.checked)}
          />
          {words}
        </label>
      )}
    </>
  );
}
