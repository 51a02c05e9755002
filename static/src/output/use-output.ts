/** Ties an output to the element that shows it, for as long as it is shown. */
import { effect, useSignal, type ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ApiError } from '../api/request.ts';
import { getLines, searchLines, type LinesOf } from '../api/runs.ts';
import { pausedSince } from '../live/live.ts';
import { zone } from '../zone.ts';
import { LineSearch } from './line-search.ts';
import { times } from './log-options.tsx';
import { LineStore } from './line-store.ts';
import type { RowLook } from './log-row.ts';
import { LogView } from './log-view.ts';
import { startReading } from './read-lines.ts';

export interface Output {
  /** To be put on the element that scrolls. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly store: LineStore;
  readonly search: LineSearch;
  readonly view: ReadonlySignal<LogView | null>;
  readonly error: ReadonlySignal<ApiError | null>;
  readonly connected: ReadonlySignal<boolean>;
}

/** @param hrefOf the address of a line. */
export function useOutput(of: LinesOf, hrefOf: (line: number) => string): Output {
  const { run, attempt, stream } = of;
  const scroller = useRef<HTMLDivElement>(null);
  const view = useSignal<LogView | null>(null);
  const error = useSignal<ApiError | null>(null);
  const connected = useSignal(true);
  const [store, search] = useMemo(
    () => [new LineStore(), new LineSearch((query, signal) => searchLines(of, query, signal))] as const,
    [run, attempt, stream],
  );
  useEffect(() => {
    if (scroller.current === null) return undefined;
    const abort = new AbortController();
    const look = (): RowLook => ({
      hrefOf,
      marked: search.text.value,
      times: times.value === 'on',
    });
    const log = new LogView({ scroller: scroller.current, store, look: look(), onNeed: () => reader.wake() });
    const reader = startReading(
      {
        store,
        load: (range, signal) => getLines(of, range, signal),
        missing: () => log.missing(),
        isWatched: () => !document.hidden && pausedSince.peek() === null,
        onLearnt: () => log.update(),
        onConnected: (is) => (connected.value = is),
      },
      abort.signal,
      (refusal) => (error.value = refusal),
    );
    view.value = log;
    const stopWaking = wakeWhenWatched(reader.wake);
    const stopDrawing = effect(() => {
      void zone.value;
      log.redraw(look());
    });
    return () => {
      abort.abort();
      search.stop();
      stopWaking();
      stopDrawing();
      log.close();
    };
  }, [run, attempt, stream]);
  return { scroller, store, search, view, error, connected };
}

/** @returns a function that ends it. */
function wakeWhenWatched(wake: () => void): () => void {
  document.addEventListener('visibilitychange', wake);
  const stop = effect(() => {
    void pausedSince.value;
    wake();
  });
  return () => {
    document.removeEventListener('visibilitychange', wake);
    stop();
  };
}
