/** A run's output, shown as it is written, until the run ends or Ctrl-C lets go of it. */
import { setTimeout } from 'node:timers/promises';
import { EXIT } from '../exit-code.ts';
import { explained } from '../help/explain.ts';
import { Detached, toFailure } from '../help/failure.ts';
import { escapeLine } from '../format/escape.ts';
import { followLastLines } from './last-lines.ts';
import { createOutage } from './outage.ts';
import { createOutputWriter, type OutputWriter } from '../print/output-writer.ts';
import { failureWords, runName, runSentence, statusPaint } from './run-words.ts';
import type { Session } from '../session.ts';
import {
  JobschedError,
  type AttemptView,
  type Client,
  type OutputEvent,
  type FollowRange,
  type OutputRange,
  type RunDetail,
  type RunView,
} from '../../client/client.ts';
import { mayReturn } from '../../client/connection-problem.ts';
import { SECOND, type Millis } from '../../domain/instant.ts';

export interface FollowOptions extends Pick<OutputRange, 'stream' | 'attempt'> {
  /** Control characters go to a terminal as they are. */
  readonly raw?: boolean | undefined;
  /** A time before each line, by the clock of this zone. */
  readonly stamps?: string | undefined;
  /** All attempts, from the first on: of a run that was just made, another may have ended already. */
  readonly fromFirst?: boolean | undefined;
  /** Of what was written before, only so many lines. */
  readonly tail?: number | undefined;
  /** Only wait: show no output. */
  readonly silent?: boolean | undefined;
  /** Ctrl-C cancels the run; a second one lets go of it. */
  readonly cancelOnInterrupt?: boolean | undefined;
  /** How long at most. */
  readonly timeoutMs?: Millis | undefined;
}

/** What is known of a run that was just made, too. */
type FollowedRun = Pick<RunView, 'id' | 'job_id' | 'job_name' | 'number'>;

/**
 * @returns the run as it ended.
 * @throws Detached after Ctrl-C; the run goes on. JobschedError `timed_out`.
 */
export async function followRun(session: Session, run: FollowedRun, options: FollowOptions): Promise<RunDetail> {
  const interrupt = new AbortController();
  let cancels = options.cancelOnInterrupt === true;
  const stop = (): void => {
    if (!cancels) return interrupt.abort();
    cancels = false;
    void cancelOnce(session, run);
  };
  process.on('SIGINT', stop);
  const late = options.timeoutMs === undefined ? null : AbortSignal.timeout(options.timeoutMs);
  const signal = late === null ? interrupt.signal : AbortSignal.any([interrupt.signal, late]);
  const writer = createOutputWriter(session, options);
  const outage = createOutage((line) => void writer.note(line));
  try {
    await showAll(session, run, options, writer, { signal, untilBack: true, onAway: outage.tell });
    return await session.client.runs.get(run.id);
  } catch (error) {
    const program = session.program();
    const name = runName(run);
    const comeBack = `${program} logs -f ${name} · ${program} cancel ${name}`;
    const away = `the server is away, so how ${name} goes on is not known`;
    if (interrupt.signal.aborted) {
      throw new Detached(
        outage.isNow()
          ? `detached; ${away} · come back with ${program} logs -f ${name}`
          : `detached; ${name} goes on · ${comeBack}`,
      );
    }
    if (late?.aborted) {
      throw outage.isNow()
        ? new JobschedError('timed_out', `no word of the end of ${name} came in time: ${away}`, {
            hint: `Come back with ${program} logs -f ${name}`,
          })
        : new JobschedError('timed_out', `${name} has not ended in time`, { hint: `It goes on: ${comeBack}` });
    }
    throw mayReturn(error) ? lost(error, name, program) : error;
  } finally {
    outage.end();
    await writer.end();
    process.off('SIGINT', stop);
  }
}

/** It may have ended meanwhile: what is followed will say so. */
async function cancelOnce(
  { client, err, hint }: Session,
  run: Parameters<typeof runName>[0] & { id: string },
): Promise<void> {
  // The terminal has written ^C, and stays in that line.
  if (err.isTTY) err.write('\n');
  hint(`cancelling ${runName(run)} · once more to let go of it`);
  await client.runs.cancel(run.id).catch(() => undefined);
}

/** The server was there, and has the run: what to type when it is back. */
function lost(error: JobschedError, name: string, program: string): JobschedError {
  return new JobschedError(error.code, `the connection was lost while ${name} was followed`, {
    hint: `When the server is back: ${program} logs ${name} -f`,
    cause: error,
  });
}

/** How the server is stayed with. */
interface Connection extends Pick<FollowRange, 'untilBack' | 'onAway'> {
  readonly signal: AbortSignal;
}

async function showAll(
  session: Session,
  { id }: FollowedRun,
  { stream, attempt, fromFirst, silent, tail }: FollowOptions,
  writer: OutputWriter,
  connection: Connection,
): Promise<void> {
  const { signal } = connection;
  const begun = new AbortController();
  void tellWhatItWaitsFor(session, id, AbortSignal.any([begun.signal, signal]));
  try {
    const range = { stream, attempt, ...(fromFirst === true && { from_attempt: 1 }), ...connection };
    for await (const event of followFrom(session.client, id, range, tail)) {
      const isLater = begun.signal.aborted && event.kind === 'attempt';
      begun.abort();
      if (silent) continue;
      if (!isLater) {
        await writer.show(event);
        continue;
      }
      await writer.end();
      await writer.note(await laterAttemptLine(session.client, id, event.attempt));
    }
  } finally {
    begun.abort();
  }
}

/** The output begins anew with it: also who keeps it in a file wants to know why. */
async function laterAttemptLine(client: Client, id: string, number: number): Promise<string> {
  const { attempts } = await client.runs.get(id).catch(() => ({ attempts: [] as readonly AttemptView[] }));
  const before = attempts.find((each) => each.number === number - 1);
  const why = before === undefined ? '' : `: the one before ${failureWords(before)}`;
  return `${escapeLine(`[attempt ${number}${why}]`)}\n`;
}

function followFrom(
  client: Client,
  id: string,
  range: FollowRange,
  tail: number | undefined,
): AsyncIterable<OutputEvent> {
  return tail === undefined ? client.runs.follow(id, range) : followLastLines(client, id, tail, range);
}

/** A run that does not begin within a second: a person wants to know why. */
async function tellWhatItWaitsFor(session: Session, id: string, signal: AbortSignal): Promise<void> {
  if (!session.err.isTTY) return;
  try {
    await setTimeout(SECOND, undefined, { signal });
    const run = await session.client.runs.get(id);
    if (run.status !== 'pending' || signal.aborted) return;
    session.hint(`${runName(run)} is waiting${run.waiting_for === null ? '' : `: ${run.waiting_for}`}`);
  } catch {
    // It began meanwhile, or the following itself will say what is wrong.
  }
}

/** The last line: always for a run that did not succeed, for one that did only to a person. */
export async function tellEnd(session: Session, run: RunView): Promise<void> {
  const succeeded = run.status === 'succeeded';
  if (succeeded && !session.err.isTTY) return;
  const paint = await session.paintFor(session.err);
  const sentence = statusPaint(run.status, paint)(paint.strong(escapeLine(runSentence(run))));
  const next = succeeded || run.output_bytes === 0 ? '' : ` · ${session.program()} logs ${runName(run)}`;
  session.err.write(`${sentence}${escapeLine(next)}\n`);
}

/** A command's exit codes must not be taken for ours, so all of ours are some that commands hardly use. */
export async function ownTroubleApart(session: Session, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof JobschedError)) throw error;
    const isPatient = error.code === 'timed_out' && error.cause === undefined;
    session.err.write(toFailure(await explained(error, session)).text);
    return isPatient ? EXIT.waitedLongEnough : EXIT.ownTrouble;
  }
}
