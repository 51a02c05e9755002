/**
 * Which faults come when: a pure function of a seed.
 *
 * Two lines of faults run side by side, one of processes and one of Redis and its network, so that what goes wrong goes
 * wrong at the same time as something else. Within a line, faults follow each other with pauses. Each line deals its kinds
 * like cards: none comes again before all have been there.
 */
import { SECOND, type Millis } from '../../src/domain/instant.ts';
import { Chance } from '../simulation/chance.ts';

/** Of servers and workers: for how long, of those that last. A restart takes what it takes. */
const PROCESS_FAULTS = {
  'kill server': [0],
  'kill worker': [0],
  'freeze server': [2, 30],
  'freeze worker': [2, 25, 45],
  'restart server': [0],
  'restart worker': [0],
  'set clock of server': [10],
  'set clock of worker': [10],
} as const;

/** Of Redis, and of the way to it. */
const ENGINE_FAULTS = {
  'kill redis': [1, 10],
  'freeze redis': [2, 20],
  'cut off server': [10, 40],
  'cut off worker': [10, 40],
  'delay all': [10],
  'lose replies': [5],
  'flush scripts': [0],
  'kill clients': [0],
  'fill redis': [5],
  'refuse writes': [5],
  'keep redis busy': [3],
} as const;

const KINDS = { ...PROCESS_FAULTS, ...ENGINE_FAULTS };
export type FaultKind = keyof typeof KINDS;
const namesOf = (kinds: Partial<typeof KINDS>): FaultKind[] => Object.keys(kinds) as FaultKind[];
export const FAULT_KINDS: readonly FaultKind[] = namesOf(KINDS);

/** Whether it needs its server or worker to be there, so that it cannot come before that has been started again. */
export function isOfProcess(kind: FaultKind): boolean {
  return kind in PROCESS_FAULTS;
}

export interface PlannedFault {
  readonly kind: FaultKind;
  /** From the beginning of the faults. */
  readonly at: Millis;
  /** 0 for what is over at once, or takes its own time. */
  readonly lasts: Millis;
  /** Which of the servers or workers, from 0. */
  readonly target: number;
}

export interface PlanOptions {
  readonly seed: number;
  /** All faults are over by then, but for how long a process takes to start. */
  readonly duration: Millis;
  readonly servers: number;
  readonly workers: number;
  /** Default: all. */
  readonly kinds?: readonly FaultKind[];
}

/** @returns the faults in the order of their times. */
export function planFaults(options: PlanOptions): PlannedFault[] {
  const chance = new Chance(options.seed);
  const kinds = new Set(options.kinds ?? FAULT_KINDS);
  const lines = [PROCESS_FAULTS, ENGINE_FAULTS].map((line) => namesOf(line).filter((kind) => kinds.has(kind)));
  return lines.flatMap((line) => planLine(line, options, chance.fork())).toSorted((a, b) => a.at - b.at);
}

function planLine(kinds: readonly FaultKind[], options: PlanOptions, chance: Chance): PlannedFault[] {
  const faults: PlannedFault[] = [];
  // The short run takes the short faults, with short pauses.
  const longest = options.duration / 3;
  const pause = Math.min(8 * SECOND, options.duration / 10);
  let cards: FaultKind[] = [];
  for (let at = chance.between(0, pause); kinds.length > 0;) {
    if (cards.length === 0) cards = shuffled(kinds, chance);
    const kind = cards.pop() ?? 'flush scripts';
    const lengths = KINDS[kind].map((seconds) => seconds * SECOND).filter((length) => length <= longest);
    const lasts = lengths.length === 0 ? longest : (lengths[chance.whole(0, lengths.length - 1)] ?? 0);
    if (at + lasts > options.duration) break;
    const targets = kind.endsWith('server') ? options.servers : options.workers;
    faults.push({ kind, at: Math.round(at), lasts: Math.round(lasts), target: chance.whole(0, targets - 1) });
    at += lasts + chance.between(pause / 4, pause);
  }
  return faults;
}

function shuffled<T>(list: readonly T[], chance: Chance): T[] {
  return list
    .map((item) => ({ item, by: chance.next() }))
    .toSorted((a, b) => a.by - b.by)
    .map(({ item }) => item);
}
