/** Claims, ends, renewals, releases. See the scripts of the same names. */
import { decodeDefinition } from '../../domain/definition-json.ts';
import { jobId, runId, type RunId, type WorkerId } from '../../domain/id.ts';
import { encodeFrames } from '../../domain/output/frame-codec.ts';
import type { Trigger } from '../../domain/run.ts';
import type { ClaimedRun, ClaimRequest, ClaimResult, Ended, FinishResult, Held, RenewResult } from '../leases.ts';
import type { AppendResult, OutputChunk } from '../output.ts';
import { MOST_ITEMS } from '../store.ts';
import type { RedisLink } from './link.ts';
import { failure, list, numberOrNull, tagged, textOrNull } from './reply.ts';
import type { Argument } from './scripts.ts';

/** Takes an item's failure for a bug of ours, of which its caller is told only that it is lost. */
export type Report = (fault: unknown) => void;

export async function claim(link: RedisLink, request: ClaimRequest): Promise<ClaimResult> {
  const [now, more, claimed] = list(await link.run('claim', ...claimArguments(request)));
  return toClaimResult(now, more, claimed);
}

export async function finish(
  link: RedisLink,
  report: Report,
  owner: WorkerId,
  ended: readonly Ended[],
  request: ClaimRequest | null,
): Promise<{ readonly results: readonly FinishResult[]; readonly claim: ClaimResult | null }> {
  const reply = await link.run(
    'finish',
    owner,
    ended.length,
    ...ended.flatMap(endedArguments),
    ...(request === null ? [] : claimArguments(request)),
  );
  const [now, more, claimed, results] = list(reply);
  return {
    results: list(results).map((result) => finishResult(result, report)),
    claim: request === null ? null : toClaimResult(now, more, claimed),
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
    const piece = list(await link.run('abandon', owner, MOST_ITEMS)).map((run) => String(run) as RunId);
    runs.push(...piece);
    if (piece.length < MOST_ITEMS) return runs;
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

function endedArguments({ run, fence, outcome, retryAt, durationMs, endedAgoMs, output }: Ended): Argument[] {
  return [
    run,
    fence,
    outcome.status,
    outcome.status === 'failed' ? outcome.reason : '',
    'detail' in outcome ? outcome.detail : '',
    outcome.status === 'succeeded' ? '' : JSON.stringify(outcome),
    retryAt ?? '',
    durationMs,
    endedAgoMs,
    output?.offset ?? '',
    output === null ? '' : Buffer.from(encodeFrames(output.frames)),
  ];
}

function toClaimResult(now: unknown, more: unknown, claimed: unknown): ClaimResult {
  return { now: Number(now), more: more === 1, claimed: list(claimed).map(toClaimed) };
}

/** The fields of `claimed` in lua/lib/claiming.lua; the definition, being the last, may hold what parts them. */
const CLAIMED = /^([^|]*)\|(\d+)\|(\d+)\|(\d+)\|(\w+)\|(\d*)\|(\d+)\|(1?)\|([^|]*)\|(.*)$/s;

function toClaimed(reply: unknown): ClaimedRun {
  const [, job = '', number, fence, attempt, trigger, scheduledFor, version, cancelled, name, text = ''] =
    CLAIMED.exec(String(reply)) ?? [];
  const id = jobId(job);
  return {
    run: runId(id, Number(number)),
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

function finishResult(reply: unknown, report: Report): FinishResult {
  return word(reply, ['ok', 'duplicate', 'lost'], 'lost', report);
}

function word<Word extends string>(reply: unknown, words: readonly Word[], otherwise: Word, report: Report): Word {
  const failed = failure(reply);
  if (failed !== null) report(failed);
  return words.find((one) => one === tagged(reply)[0]) ?? otherwise;
}
