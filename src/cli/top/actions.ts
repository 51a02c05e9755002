/** What somebody asks for in `top`: each is heard to its end, also when nobody looks any more. */
import type { TopEffect } from './state.ts';
import { runName } from '../run/run-words.ts';
import { JobschedError, type Client } from '../../client/client.ts';
import { SECOND, type Millis } from '../../domain/instant.ts';

type ActionEffect = Extract<TopEffect, { run: unknown }>;

export interface Actions {
  /** @returns what came of it, in words. */
  carryOut(effect: ActionEffect): Promise<string>;
  /** Waits for what is under way, but not for ever, nor once the signal says so. @returns what came of each, in words. */
  finish(hurry: AbortSignal): Promise<readonly string[]>;
}

/** Whoever ends `top` wants to go on with something else. */
const LAST_MOMENTS: Millis = 2 * SECOND;

export function openActions(client: Client): Actions {
  const dropped = new AbortController();
  const { runs } = client.with({ signal: dropped.signal });
  const underWay = new Set<Promise<string>>();
  return {
    carryOut: async (effect) => {
      const outcome = outcomeOf(runs, effect, dropped.signal);
      underWay.add(outcome);
      try {
        return await outcome;
      } finally {
        underWay.delete(outcome);
      }
    },
    finish: async (hurry) => {
      const drop = (): void => dropped.abort();
      hurry.addEventListener('abort', drop);
      if (hurry.aborted) drop();
      const timer = setTimeout(drop, LAST_MOMENTS);
      try {
        return await Promise.all(underWay);
      } finally {
        clearTimeout(timer);
        hurry.removeEventListener('abort', drop);
      }
    },
  };
}

async function outcomeOf(runs: Client['runs'], { kind, run }: ActionEffect, dropped: AbortSignal): Promise<string> {
  const name = runName(run);
  try {
    if (kind === 'retry') return `${name} runs again as ${runName(await runs.retry(run.id))}`;
    const { status } = await runs.cancel(run.id);
    return `${status === 'running' ? 'cancelling' : 'cancelled'} ${name}`;
  } catch (error) {
    if (dropped.aborted) {
      return `the server has not said whether ${name} ${kind === 'retry' ? 'runs again' : 'is cancelled'}`;
    }
    if (error instanceof JobschedError) return error.message;
    throw error;
  }
}
