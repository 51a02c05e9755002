/**
 * The last lines of an output, byte for byte. They are looked for from its end backwards, in growing steps: so they cost the
 * same of an output of any length.
 *
 * A line is one as the server counts them: where one stream takes the word, the other's open line ends.
 */
import type { Client, FollowRange, OutputEvent, OutputRange } from '../../client/client.ts';
import type { Stream } from '../../domain/output/frame.ts';
import { leavesOpen, lineParts } from '../../domain/output/line-parts.ts';

/** In bytes: enough for what most people ask for, and one block of the store. */
const FIRST_REACH = 64 * 1024;
const GROWTH = 8;

/** @returns what an attempt wrote from the beginning of its line `count` from the end on; the last event is `end`. */
export async function lastLines(
  client: Client,
  run: string,
  count: number,
  range: Pick<OutputRange, 'stream' | 'attempt' | 'signal'>,
): Promise<readonly OutputEvent[]> {
  const written = await bytesWritten(client, run, range.attempt);
  for (let reach = FIRST_REACH; ; reach *= GROWTH) {
    const offset = Math.max(0, written - reach);
    const events = await Array.fromAsync(client.runs.frames(run, { ...range, offset }));
    const last = fromLine(events, count, offset === 0);
    if (last !== null) return last;
  }
}

/** The same of a run that goes on, and then what it writes. */
export async function* followLastLines(
  client: Client,
  run: string,
  count: number,
  range: Omit<FollowRange, 'from_attempt' | 'offset' | 'timestamps'>,
): AsyncGenerator<OutputEvent> {
  const { stream, attempt, signal } = range;
  const events = await lastLines(client, run, count, { stream, attempt, signal });
  const end = events.find((event) => event.kind === 'end');
  yield* events.filter((event) => event.kind !== 'end');
  const hasBegun = end !== undefined && end.attempt > 0;
  const place = hasBegun && { offset: end.offset, ...(range.attempt === undefined && { from_attempt: end.attempt }) };
  yield* client.runs.follow(run, { ...range, ...place });
}

async function bytesWritten(client: Client, run: string, attempt: number | undefined): Promise<number> {
  const { attempts, output_bytes: ofNewest } = await client.runs.get(run);
  if (attempt === undefined) return ofNewest;
  return attempts.find(({ number }) => number === attempt)?.output_bytes ?? 0;
}

/** @param isWhole that the events begin where the output does. @returns null when there are fewer whole lines. */
function fromLine(events: readonly OutputEvent[], count: number, isWhole: boolean): readonly OutputEvent[] | null {
  const parts = events.flatMap(lineByLine);
  const begins: number[] = [];
  // What comes first may be the rest of a line.
  let open: Stream | 'either' | null = isWhole ? null : 'either';
  for (const [at, part] of parts.entries()) {
    if (part.kind === 'attempt' || part.kind === 'end') continue;
    if (part.kind === 'dropped' || (open !== 'either' && open !== part.stream)) begins.push(at);
    open = part.kind === 'output' && leavesOpen(part.bytes) ? part.stream : null;
  }
  if (begins.length < count && !isWhole) return null;
  const first = count === 0 ? parts.length : (begins.at(-count) ?? 0);
  return parts.filter((part, at) => at >= first || part.kind === 'end');
}

/** A piece as pieces that end where a line does. */
function lineByLine(event: OutputEvent): readonly OutputEvent[] {
  if (event.kind !== 'output') return [event];
  let { offset } = event;
  return Array.from(lineParts(event.bytes), (bytes) => {
    const part = { ...event, offset, bytes };
    offset += bytes.length;
    return part;
  });
}
