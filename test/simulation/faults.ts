/** What goes wrong with processes, ways and clocks, and when: each fault begins at a moment of the seed's, and passes. */
import { HOUR, SECOND, type Millis } from '../../src/domain/instant.ts';
import { LEASE } from '../../src/store/leases.ts';
import type { Chance } from './chance.ts';
import type { Fleet, Member } from './fleet.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { Timeline } from './timeline.ts';

/** The means of how long faults last: some pass within a lease, some outlast every decision. */
const LAST = [3 * SECOND, 15 * SECOND, 60 * SECOND] as const;
/** Steps of the engine's clock that are larger make a gap. */
const SMALL_STEP: Millis = LEASE / 2;

export interface FaultTargets {
  readonly fleet: Fleet;
  readonly engine: SimulatedProcess;
  readonly timeline: Timeline;
  readonly chance: Chance;
  /** Those that strike in this history. */
  readonly kinds: readonly [FaultKind, ...FaultKind[]];
  readonly trace: (line: string) => void;
}

export type FaultKind = keyof typeof FAULTS;

/**
 * A few of all kinds, in most histories: where everything happens at once, much is hidden by what else happens. (Clocks that
 * jump, for one, put off every decision of the engine's.)
 */
export function someKinds(chance: Chance): FaultTargets['kinds'] {
  const first = chance.pick(KINDS);
  const share = chance.pick([0, 0.2, 1]);
  return [first, ...KINDS.filter((kind) => kind !== first && chance.happens(share))];
}

/** One fault. */
export function strike(targets: FaultTargets): FaultKind {
  const { chance, fleet, kinds } = targets;
  const kind = chance.pick(kinds);
  const member = chance.pick(fleet.members as [Member, ...Member[]]);
  const length = chance.exponential(chance.pick(LAST));
  targets.trace(`fault ${kind} ${member.name} ${length.toFixed(0)}`);
  FAULTS[kind](targets, member, length);
  return kind;
}

/** All is well again. */
export function heal({ fleet }: FaultTargets): void {
  fleet.usual.faults = 0;
  for (const { way, process } of fleet.members) {
    Object.assign(way, { cutThere: false, cutBack: false, ...fleet.usual });
    process.thaw();
  }
}

const FAULTS = {
  crash: ({ fleet }, member, length) => void fleet.crash(member, length),
  freeze: ({ timeline }, { process }, length) => {
    process.freeze();
    timeline.after(length, () => process.thaw());
  },
  cut: (targets, { way }, length) => change(targets, way, { cutThere: true, cutBack: true }, length),
  deaf: (targets, { way }, length) => change(targets, way, { cutBack: true }, length),
  mute: (targets, { way }, length) => change(targets, way, { cutThere: true }, length),
  slow: (targets, { way }, length) => change(targets, way, { latency: 2 * SECOND }, length),
  bad: (targets, { way }, length) => change(targets, way, { faults: 0.5 }, length),
  outage: (targets, _member, length) => {
    for (const { way } of targets.fleet.members) change(targets, way, { cutThere: true, cutBack: true }, length);
  },
  restart: ({ fleet }, member) => void fleet.restart(member),
  'engine clock ahead': ({ engine, chance }) => engine.stepWallClock(chance.between(0, HOUR)),
  'engine clock a little ahead': ({ engine, chance }) => engine.stepWallClock(chance.between(0, SMALL_STEP)),
  'engine clock back': ({ engine, chance }) => engine.stepWallClock(-chance.between(0, 60 * SECOND)),
  'host clock': ({ chance }, { process }) => process.stepWallClock(chance.between(-HOUR, HOUR)),
} as const satisfies Record<string, (targets: FaultTargets, member: Member, length: Millis) => void>;

const KINDS = Object.keys(FAULTS) as [FaultKind, ...FaultKind[]];

/** For a while. What another fault changed meanwhile it ends as well: they pass. */
function change(
  { timeline, fleet }: FaultTargets,
  way: Member['way'],
  to: Partial<Member['way']>,
  length: Millis,
): void {
  Object.assign(way, to);
  timeline.after(length, () => Object.assign(way, { cutThere: false, cutBack: false, ...fleet.usual }));
}
