/** What runs wrote, as it is read: the lines of `format=frames`, with their bytes put back together. */
import type { JobschedError } from '../errors.ts';
import { isUnreachable, mayReturn } from './connection-problem.ts';
import { lines } from './lines.ts';
import { path, withQuery } from './path.ts';
import type { Transport } from './transport.ts';
import type { Stream } from '../domain/output/frame.ts';
import { SECOND, type Millis } from '../domain/instant.ts';
import type { OutputLine } from '../http/schema/output.ts';

type LineOf<Kind extends OutputLine['kind']> = Extract<OutputLine, { readonly kind: Kind }>;

/** Something the command wrote. */
export interface OutputPiece {
  readonly kind: 'output';
  readonly attempt: number;
  /** Where it stands in the attempt's output, both streams counted. */
  readonly offset: number;
  readonly stream: Stream;
  /** When the worker saw it: RFC 3339. */
  readonly at: string;
  readonly bytes: Uint8Array;
}

export type OutputEvent = OutputPiece | LineOf<'attempt'> | LineOf<'dropped'> | LineOf<'end'>;

export interface OutputRange {
  /** Default: both, in the order they were written. */
  readonly stream?: Stream | undefined;
  /** This one alone. Default: the newest, and when following all after it. */
  readonly attempt?: number | undefined;
  /** When following: this one and all after it. */
  readonly from_attempt?: number | undefined;
  /** From this byte of the attempt's output on, both streams counted. */
  readonly offset?: number | undefined;
  /** Of text: before each line, when the worker saw its beginning. */
  readonly timestamps?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FollowRange extends OutputRange {
  /** Waits for a server that is away until it is back, rather than for about 30 s. */
  readonly untilBack?: boolean | undefined;
  /** Told of each try that failed and will be made again, and with null when the server answers again. */
  readonly onAway?: ((error: JobschedError | null) => void) | undefined;
}

export interface Persistence {
  /** Between two tries to take up a stream again; after the last one its loss is an error. */
  readonly again: readonly Millis[];
  /** How long a stream has to stand for all failures before it to be forgotten. */
  readonly steadyMs: Millis;
}

const PERSISTENCE: Persistence = { again: [50, 250, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000], steadyMs: 10 * SECOND };
/** Who waits for as long as it takes, looks at whether it is back so often at least. */
const LONGEST_UNTIL_BACK: Millis = SECOND;

export async function* readFrames(
  transport: Transport,
  ref: string,
  range: OutputRange,
  follow: boolean,
  opened: () => void = () => undefined,
): AsyncGenerator<OutputEvent> {
  const { signal, ...query } = range;
  const to = withQuery(path`/api/runs/${ref}/output`, { ...query, follow, format: 'frames' });
  const { body } = await transport.stream({ method: 'GET', path: to, signal }, 0);
  opened();
  for await (const line of lines(body)) yield decode(JSON.parse(line) as OutputLine);
}

/** Until the run has ended, whatever becomes of the connection meanwhile: nothing is told twice, nothing left out. */
export async function* followFrames(
  transport: Transport,
  ref: string,
  { untilBack = false, onAway = () => undefined, ...range }: FollowRange,
  { again, steadyMs }: Persistence = PERSISTENCE,
): AsyncGenerator<OutputEvent> {
  let place: OutputRange = range;
  let failures = 0;
  let hasAnswered = false;
  let isAway = false;
  for (;;) {
    let isOpen = false;
    let pause: Millis;
    const opened = (): void => {
      isOpen = true;
      hasAnswered = true;
      if (isAway) onAway(null);
      // Those of an outage say nothing about the stream that is there now.
      if (isAway && untilBack) failures = 0;
      isAway = false;
    };
    // A run may be silent for hours, and a proxy end what is silent: a stream that stood for a while was no failure.
    const steady = setTimeout(() => (failures = 0), steadyMs);
    try {
      for await (const event of readFrames(transport, ref, place, true, opened)) {
        if (isRepeat(event, place)) continue;
        place = placeAfter(event, place);
        if (event.kind === 'end' && !event.complete) continue;
        failures = 0;
        yield event;
        if (event.kind === 'end') return;
      }
      throw transport.endedEarly();
    } catch (error) {
      if (!mayReturn(error) || range.signal?.aborted) throw error;
      const next = untilBack && !isOpen ? untilBackPause(again, failures) : again[failures];
      if (next === undefined || (!hasAnswered && !isUnreachable(error))) throw error;
      pause = next;
      isAway = !isOpen;
      if (isAway) onAway(error);
    } finally {
      clearTimeout(steady);
    }
    failures += 1;
    await transport.pause(pause, range.signal);
  }
}

function untilBackPause(again: readonly Millis[], failures: number): Millis {
  return Math.min(again[failures] ?? LONGEST_UNTIL_BACK, LONGEST_UNTIL_BACK);
}

/** After a reconnection the server says again which attempt it is about. */
function isRepeat(event: OutputEvent, place: OutputRange): boolean {
  return event.kind === 'attempt' && event.attempt === attemptOf(place) && place.offset !== undefined;
}

function placeAfter(event: OutputEvent, place: OutputRange): OutputRange {
  if (event.kind === 'attempt') {
    return { ...place, offset: 0, ...(place.attempt === undefined && { from_attempt: event.attempt }) };
  }
  if (event.kind === 'output') return { ...place, offset: event.offset + event.bytes.length };
  if (event.kind === 'dropped') return { ...place, offset: event.offset + event.bytes };
  return event.attempt === attemptOf(place) ? { ...place, offset: event.offset } : place;
}

const attemptOf = ({ attempt, from_attempt: first }: OutputRange): number | undefined => attempt ?? first;

function decode(line: OutputLine): OutputEvent {
  if (line.kind !== 'output') return line;
  const { kind, attempt, offset, stream, at } = line;
  const bytes = 'text' in line ? Buffer.from(line.text, 'utf8') : Buffer.from(line.base64, 'base64');
  return { kind, attempt, offset, stream, at, bytes };
}
