/**
 * The memory for all replies that wait for their clients to read them. Some of a list are large, and a client that asks
 * for many and reads none would otherwise fill the process, until each is given up as stuck.
 */
import type { ServerResponse } from 'node:http';
import { JobschedError } from '../../errors.ts';
import type { BodyBudget } from '../request/body-budget.ts';
import { whenClosed } from './closed.ts';
import type { Reply } from './reply.ts';

/** Not counted: what most replies are. */
const SMALL = 16 * 2 ** 10;

/**
 * @returns the same reply as the text that goes out, held until the response is closed.
 * @throws JobschedError `too_many_requests` when there is no room for it.
 */
export function holdReply(budget: BodyBudget, response: ServerResponse, reply: Reply): Reply {
  if (reply.kind !== 'json') return reply;
  const body = JSON.stringify(reply.body);
  const queued = waitsForOthers(response);
  if (queued || body.length > SMALL) hold(budget, response, Buffer.byteLength(body), queued ? 0 : undefined);
  const headers = { 'Content-Type': 'application/json; charset=utf-8', ...reply.headers };
  return { kind: 'bytes', status: reply.status, body, headers };
}

/** A connection may ask for hundreds at once, so of those behind the first each byte is counted, however few they are. */
function waitsForOthers(response: ServerResponse): boolean {
  return response.socket === null;
}

function hold(budget: BodyBudget, response: ServerResponse, bytes: number, free?: number): void {
  const allowance = budget.open(free);
  if (!allowance.grow(bytes)) {
    throw new JobschedError('too_many_requests', 'too many large replies wait for their clients to read them', {
      hint: 'Ask again in a moment, or for fewer rows with limit=.',
    });
  }
  whenClosed(response, () => allowance.release());
}
