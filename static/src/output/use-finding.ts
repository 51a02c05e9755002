/** Ways through an output: from match to match, and to its first error. */
import { effect, useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../api/request.ts';
import { findFirstError, type LinesOf } from '../api/runs.ts';
import { number } from '../format/size.ts';
import { announce } from '../parts/announcer.tsx';
import type { Output } from './use-output.ts';

export interface Finding {
  /** The match that one is at. */
  readonly at: ReadonlySignal<number | null>;
  /** What the jump to the first error came to. */
  readonly told: ReadonlySignal<string>;
  readonly lookFor: (text: string) => void;
  readonly next: () => void;
  readonly before: () => void;
  readonly toFirstError: () => void;
}

/** @param onFound given the line to go to; `isOfBoth` when its number is that of both streams together. */
export function useFinding(
  of: LinesOf,
  { search, store, view }: Output,
  onFound: (line: number, isOfBoth: boolean) => void,
): Finding {
  const at = useSignal<number | null>(null);
  const told = useSignal('');
  const topLine = (): number => view.value?.topLine ?? 1;
  const go = async (found: Promise<number | null>): Promise<void> => {
    const line = await found.catch(nullWhenRefused);
    if (line === null) return;
    at.value = line;
    onFound(line, of.stream === null);
  };
  const next = (): void => void go(search.after(at.value ?? topLine() - 1));
  const before = (): void => void go(search.before(at.value ?? topLine()));
  const lookFor = (text: string): void => {
    at.value = null;
    void go(firstFrom(text, topLine() - 1));
  };
  const firstFrom = async (text: string, line: number): Promise<number | null> => {
    const gathering = search.start(text);
    gathering.catch(nullWhenRefused);
    // All of a long output takes a while: what follows from here on is asked for meanwhile.
    const soon = text === '' ? null : await search.firstFrom(line + 1);
    if (soon !== null) return soon;
    await gathering;
    return search.text.peek() === text ? search.after(line) : null;
  };
  const goToFirstError = async (): Promise<void> => {
    const found = await findFirstError(of).catch(nullWhenRefused);
    told.value = found === null ? 'The first error could not be looked for.' : errorWords(found);
    announce(told.value);
    const line = found?.error ?? found?.stderr ?? null;
    if (line !== null) onFound(line.n, true);
  };
  useEffect(() => {
    at.value = null;
    return effect(() => {
      // The last line may have grown, and others have come.
      const from = Math.max(1, store.extent.value.total - 1);
      void search.goOn(from).catch(nullWhenRefused);
    });
  }, [search]);
  return { at, told, lookFor, next, before, toFirstError: () => void goToFirstError() };
}

function errorWords({ error, stderr }: Awaited<ReturnType<typeof findFirstError>>): string {
  if (error !== null) return `Line ${number(error.n)} is the first that names an error.`;
  if (stderr !== null) return `No line names an error; line ${number(stderr.n)} is the first on stderr.`;
  return 'No line names an error, and nothing is on stderr.';
}

/** A search that failed says so itself, and one that was given up need not. */
function nullWhenRefused(cause: unknown): null {
  if (cause instanceof ApiError || (cause instanceof DOMException && cause.name === 'AbortError')) return null;
  throw cause;
}
