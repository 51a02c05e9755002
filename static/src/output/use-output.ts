/** Ties a followed output to the element that shows it, for as long as it is shown. */
import { useSignal, type ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { OutputLine } from '../../../src/http/schema/output.ts';
import { ApiError } from '../api/request.ts';
import { number, size } from '../format/size.ts';
import { followOutput } from './follow.ts';
import { LineReader, type Row } from './lines.ts';
import { LogView } from './log-view.ts';

export interface Output {
  /** To be put on the element that scrolls. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly view: ReadonlySignal<LogView | null>;
  readonly error: ReadonlySignal<ApiError | null>;
  readonly connected: ReadonlySignal<boolean>;
  /** Whether nothing has come so far. */
  readonly empty: ReadonlySignal<boolean>;
}

export function useOutput(run: string, attempt: number): Output {
  const scroller = useRef<HTMLDivElement>(null);
  const view = useSignal<LogView | null>(null);
  const error = useSignal<ApiError | null>(null);
  const connected = useSignal(true);
  const empty = useSignal(true);
  useEffect(() => {
    if (scroller.current === null) return undefined;
    const log = (view.value = new LogView(scroller.current));
    const reader = new LineReader();
    const abort = new AbortController();
    const onLines = (lines: readonly OutputLine[]): void => {
      const rows = lines.flatMap((line) => rowsOf(reader, line));
      if (rows.length > 0) empty.value = false;
      log.show(rows);
    };
    const follower = { onLines, onConnected: (is: boolean) => (connected.value = is) };
    followOutput(run, attempt, abort.signal, follower).catch((cause: unknown) => {
      if (!(cause instanceof ApiError)) throw cause;
      error.value = cause;
    });
    return () => {
      abort.abort();
      log.close();
    };
  }, [run, attempt]);
  return { scroller, view, error, connected, empty };
}

function rowsOf(reader: LineReader, line: OutputLine): Row[] {
  if (line.kind === 'output') return [...reader.read(line)];
  if (line.kind !== 'dropped') return [];
  return [{ kind: 'mark', text: `${size(line.bytes)} (${number(line.bytes)} bytes) were not kept` }];
}
