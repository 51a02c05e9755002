/** Claims, ends, renewals, releases. See the scripts of the same names. */
import { decodeDefinition } from '../../../domain/definition-json.ts';
import { jobId, runId, type RunId, type WorkerId } from '../../../domain/id.ts';
import { encodeFrames } from '../../../domain/output/frame-codec.ts';
import type { Trigger } from '../../../domain/run.ts';
import type { ClaimedRun, ClaimRequest, ClaimResult, Ended, FinishResult, Held, RenewResult } from '../../leases.ts';
import type { AppendResult, OutputChunk } from '../../output.ts';
import { MOST_ITEMS } from '../../store.ts';
import type { ClaimedPlaces } from './claimed-places.ts';
import type { RedisLink } from '../link/link.ts';
import { failure, list, numberOrNull, tagged, textOrNull } from '../link/reply.ts';
import type { Argument } from '../link/scripts.ts';

/** Takes an item's failure for a bug of ours, of which its caller is told only that it is lost. */
export type Report = (fault: unknown) => void;

export async function claim(link: RedisLink, places: ClaimedPlaces, request: ClaimRequest): Promise<ClaimResult> {
  const [now, more, claimed] = list(await link.run('claim', ...claimArguments(request)));
  return toClaimResult(places, now, more, claimed);
}

export async function finish(
  link: RedisLink,
  { places, report }: { readonly places: ClaimedPlaces; readonly report: Report },
  owner: WorkerId,
  ended: readonly Ended[],
  request: ClaimRequest | null,
): Promise<{ readonly results: readonly FinishResult[]; readonly claim: ClaimResult | null }> {
  const reply = await link.run(
    'finish',
    owner,
    ended.length,
    ...ended.flatMap((one) => endedArguments(one, places)),
    ...(request === null ? [] : claimArguments(request)),
  );
  const [now, more, claimed, results] = list(reply);
  return {
    results: list(results).map((result) => finishResult(result, report)),
    claim: request === null ? null : toClaimResult(places, now, more, claimed),
  };
}

export async function renew(
  link: RedisLink,
  report: Report,
  owner: WorkerId,
  held: readonly Held[],
): Promise<RenewResult[]> {
  const replies = list(await link.run('renew', owner, ...held.flatMap(heldArguments)));
  return held.map((_, index) => word(replies[index], ['ok', 'cancel', 'lost'], 'lost', report));
}

export async function release(
  link: RedisLink,
  report: Report,
  owner: WorkerId,
  held: readonly Held[],
): Promise<FinishResult[]> {
  const replies = list(await link.run('release', owner, ...held.flatMap(heldArguments)));
  return held.map((_, index) => finishResult(replies[index], report));
}

/** In pieces; a repeat goes on where one was cut off. */
export async function abandon(link: RedisLink, owner: WorkerId): Promise<RunId[]> {
  const runs: RunId[] = [];
  for (;;) {
    const [more, lost] = list(await link.run('abandon', owner, MOST_ITEMS));
    runs.push(...list(lost).map((run) => String(run) as RunId));
    if (more !== 1) return runs;
  }
}

export async function appendOutput(
  link: RedisLink,
  report: Report,
  owner: WorkerId,
  chunks: readonly OutputChunk[],
): Promise<AppendResult[]> {
  const parameters = chunks.flatMap((chunk) => [
    ...heldArguments(chunk),
    chunk.offset,
    Buffer.from(encodeFrames(chunk.frames)),
  ]);
  const replies = list(await link.run('append-output', owner, ...parameters));
  return chunks.map((_, index) => word(replies[index], ['ok', 'duplicate', 'lost'], 'duplicate', report));
}

function claimArguments({ owner, worker, queues, limit, claimNumber }: ClaimRequest): Argument[] {
  const unique = [...new Set(queues)];
  return [owner, worker, limit, claimNumber, unique.length, ...unique];
}

function heldArguments({ run, fence }: Held): Argument[] {
  return [run, fence];
}

function endedArguments(ended: Ended, places: ClaimedPlaces): Argument[] {
  const { run, fence, outcome, retryAt, durationMs, leftRunning, endedAgoMs, output } = ended;
  return [
    run,
    fence,
    outcome.status,
    outcome.status === 'failed' ? outcome.reason : '',
    'detail' in outcome ? outcome.detail : '',
    outcome.status === 'succeeded' ? '' : JSON.stringify(outcome),
    retryAt ?? '',
    durationMs,
    leftRunning === 0 ? '' : leftRunning,
    endedAgoMs,
    output?.offset ?? '',
    output === null ? '' : Buffer.from(encodeFrames(output.frames)),
    places.take(run),
  ];
}

function toClaimResult(places: ClaimedPlaces, now: unknown, more: unknown, claimed: unknown): ClaimResult {
  return { now: Number(now), more: more === 1, claimed: list(claimed).map((reply) => toClaimed(places, reply)) };
}

/** How many fields `claimed` in lua/lib/claiming.lua has before the definition, which may hold what parts them. */
const CLAIMED_FIELDS = 10;

function toClaimed(places: ClaimedPlaces, reply: unknown): ClaimedRun {
  const [fields, text] = cut(String(reply), CLAIMED_FIELDS);
  const [seq = '', job = '', number, fence, attempt, trigger, scheduledFor, version, cancelled, name] = fields;
  const id = jobId(job);
  const run = runId(id, Number(number));
  places.remember(run, seq);
  return {
    run,
    fence: Number(fence),
    jobId: id,
    jobName: textOrNull(name),
    number: Number(number),
    attempt: Number(attempt),
    trigger: trigger as Trigger,
    scheduledFor: numberOrNull(scheduledFor),
    version: Number(version),
    definition: decodeDefinition(text),
    cancelRequested: cancelled === '1',
  };
}

/** The first so many fields of a text that parts them with `|`, and the rest. */
function cut(text: string, count: number): readonly [fields: string[], rest: string] {
  const fields: string[] = [];
  let from = 0;
  for (let field = 0; field < count; field++) {
    const to = text.indexOf('|', from);
    fields.push(text.slice(from, to));
    from = to + 1;
  }
  return [fields, text.slice(from)];
}

function finishResult(reply: unknown, report: Report): FinishResult {
  return word(reply, ['ok', 'duplicate', 'lost'], 'lost', report);
}

function word<Word extends string>(reply: unknown, words: readonly Word[], otherwise: Word, report: Report): Word {
  const failed = failure(reply);
  if (failed !== null) report(failed);
  return words.find((one) => one === tagged(reply)[0]) ?? otherwise;
}
