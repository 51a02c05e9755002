/**
 * Follows an attempt's output to its end, through broken connections: what was read is never read twice, and nothing is
 * left out.
 */
import type { OutputLine } from '../../../src/http/schema/output.ts';
import { ApiError } from '../api/request.ts';
import { openOutput } from '../api/runs.ts';
import { pieceBytes } from './lines.ts';

const RETRY_MS = 1_000;

export interface Follower {
  /** Given what has come, as it comes. */
  readonly onLines: (lines: readonly OutputLine[]) => void;
  /** Whether the connection is there. */
  readonly onConnected: (connected: boolean) => void;
}

/** Resolves at the end of the output or when the signal aborts. @throws ApiError when the server refuses. */
export async function followOutput(
  run: string,
  attempt: number,
  signal: AbortSignal,
  follower: Follower,
): Promise<void> {
  const state = { offset: 0, complete: false };
  while (!state.complete && !signal.aborted) {
    try {
      const answer = await openOutput(run, attempt, state.offset, signal);
      follower.onConnected(true);
      for await (const lines of readLines(answer)) {
        for (const line of lines) advance(state, line);
        follower.onLines(lines);
      }
    } catch (error) {
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) throw error;
    }
    if (!state.complete && !signal.aborted) {
      follower.onConnected(false);
      await pause(signal);
    }
  }
}

function advance(state: { offset: number; complete: boolean }, line: OutputLine): void {
  if (line.kind === 'output') state.offset = line.offset + pieceBytes(line).length;
  else if (line.kind === 'dropped') state.offset = line.offset + line.bytes;
  else if (line.kind === 'end') state.complete = line.complete;
}

/** The lines of NDJSON, as many at a time as have arrived. */
async function* readLines(answer: Response): AsyncGenerator<readonly OutputLine[]> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    const parsed = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as OutputLine);
    if (parsed.length > 0) yield parsed;
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, RETRY_MS);
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
