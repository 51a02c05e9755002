/**
 * Guards of the product, and what its source is without each: a simulation of such a mutant has to fail, or the simulation
 * sees nothing. The product itself has no switch for any of this: its source is changed as it is loaded.
 */
import type { EngineName } from './engine.ts';
import type { FaultTargets } from './faults.ts';

export interface Mutant {
  /** The guard that it lacks. */
  readonly name: string;
  readonly engines: readonly EngineName[];
  /** The faults that it is there for, where others make it hard to see. */
  readonly against?: FaultTargets['kinds'];
  readonly edits: readonly Edit[];
}

export interface Edit {
  /** Below `src/`. */
  readonly file: string;
  /** Occurs exactly once in it. */
  readonly from: string;
  readonly to: string;
}

const LUA = 'store/redis/generated/scripts.ts';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'fence and owner',
    engines: ['sqlite'],
    against: ['freeze', 'deaf'],
    edits: [
      {
        file: 'store/sqlite/leases/hold.ts',
        from: "return run?.status === 'running' && run.owner === owner && run.fence === held.fence ? run : null;",
        to: "return run?.status === 'running' ? run : null;",
      },
    ],
  },
  {
    name: 'fence and owner',
    engines: ['redis'],
    against: ['freeze', 'deaf'],
    edits: [
      {
        file: LUA,
        from: "run.status == 'running' and run.owner == owner and run.fence == fence",
        to: "run.status == 'running'",
      },
    ],
  },
  {
    name: 'fence',
    engines: ['sqlite'],
    against: ['freeze', 'deaf'],
    edits: [
      {
        file: 'store/sqlite/leases/hold.ts',
        from: 'run.owner === owner && run.fence === held.fence ? run : null;',
        to: 'run.owner === owner ? run : null;',
      },
    ],
  },
  {
    name: 'fence',
    engines: ['redis'],
    against: ['freeze', 'deaf'],
    edits: [{ file: LUA, from: 'run.owner == owner and run.fence == fence', to: 'run.owner == owner' }],
  },
  {
    name: 'compare-and-set of fire',
    engines: ['sqlite'],
    edits: [
      {
        file: 'store/sqlite/schedules/fire.ts',
        from: 'if (job?.version !== firing.version || job.next_slot !== firing.slot)',
        to: 'if (!job)',
      },
    ],
  },
  {
    name: 'compare-and-set of fire',
    engines: ['redis'],
    edits: [
      {
        file: LUA,
        from: 'if not job or job.version ~= tonumber(ARGV[at + 1]) or job.next_slot ~= tonumber(slot) then',
        to: 'if not job then',
      },
      { file: LUA, from: 'if job.next_slot > NOW then', to: 'if tonumber(slot) > NOW then' },
    ],
  },
  {
    name: 'outage grace, and lease time by a clock that does not step',
    engines: ['sqlite'],
    against: ['engine clock ahead'],
    edits: [
      {
        file: 'store/sqlite/leases/contact.ts',
        from: 'if (Math.abs(step) <= UNNOTICED) return',
        to: 'if (true) return',
      },
      {
        file: 'store/sqlite/leases/contact.ts',
        from: 'if (last === null || gap > LEASE / 2 || gap < 0)',
        to: 'if (last === null)',
      },
    ],
  },
  {
    name: 'outage grace, and lease time by a clock that does not step',
    engines: ['redis'],
    against: ['engine clock ahead'],
    edits: [
      { file: LUA, from: 'math.min(LEASE_NOW, math.max(most, ticked))', to: 'LEASE_NOW' },
      { file: LUA, from: 'if too_far and seen == LEASE_SHIFT then', to: 'if false then' },
      { file: LUA, from: 'if gap < 0 or gap > LEASE / 2 then', to: 'if false then' },
    ],
  },
  {
    name: 'lease time by a clock that does not step',
    engines: ['sqlite'],
    against: ['engine clock a little ahead', 'cut', 'mute'],
    edits: [
      {
        file: 'store/sqlite/leases/contact.ts',
        from: 'if (Math.abs(step) <= UNNOTICED) return',
        to: 'if (true) return',
      },
    ],
  },
  {
    name: 'lease time by a clock that does not step',
    engines: ['redis'],
    against: ['engine clock a little ahead', 'cut', 'mute'],
    edits: [
      { file: LUA, from: 'math.min(LEASE_NOW, math.max(most, ticked))', to: 'LEASE_NOW' },
      { file: LUA, from: 'if too_far and seen == LEASE_SHIFT then', to: 'if false then' },
    ],
  },
  {
    name: 'idempotent claim',
    engines: ['sqlite'],
    edits: [
      {
        file: 'store/sqlite/leases/claim.ts',
        from: 'if (request.claimNumber === newest) return repeat(tx, request);',
        to: '',
      },
    ],
  },
  {
    name: 'idempotent claim',
    engines: ['redis'],
    edits: [{ file: LUA, from: 'if request.number == newest then return claim_again(request) end', to: '' }],
  },
  {
    name: 'idempotent finish',
    engines: ['sqlite'],
    edits: [
      {
        file: 'store/sqlite/leases/finish.ts',
        from: 'const run = heldOrAdoptedRun(tx, owner, ended);\n  if (run === null) return endedBefore(tx, owner, ended);',
        to: 'const run = findRunRow(tx, ended.run);\n  if (run === undefined) return endedBefore(tx, owner, ended);',
      },
      {
        file: 'store/sqlite/leases/finish.ts',
        from: "import type { RunRow } from '../runs/run-rows.ts';",
        to: "import { findRunRow, type RunRow } from '../runs/run-rows.ts';",
      },
    ],
  },
  {
    name: 'idempotent finish',
    engines: ['redis'],
    edits: [
      {
        file: LUA,
        from: 'local run, known = held_or_adopted_run(owner, id, tonumber(fence), seq)',
        to: 'local run, known = find_run(id, seq)',
      },
    ],
  },
  {
    name: 'idempotent creation',
    engines: ['sqlite'],
    edits: [
      {
        file: 'store/sqlite/jobs/create-jobs.ts',
        from: "if (sameId !== undefined) return { status: 'existing', by: 'id', job: seenJob(tx, sameId.seq) };",
        to: '',
      },
    ],
  },
  {
    name: 'idempotent creation',
    engines: ['redis'],
    edits: [
      {
        file: LUA,
        from: "if not call('SET', definition_key(id), stored, 'NX') then return made_before(id, text) end",
        to: "call('SET', definition_key(id), stored)",
      },
    ],
  },
  {
    name: 'idempotent run by hand',
    engines: ['sqlite'],
    edits: [
      {
        file: 'store/sqlite/runs/trigger.ts',
        from: "if (before !== undefined) return { status: 'existing', run: seenRun(tx, before.run) };",
        to: '',
      },
    ],
  },
  {
    name: 'idempotent run by hand',
    engines: ['redis'],
    edits: [
      {
        file: LUA,
        from: 'if at and tonumber(at) > NOW - REQUEST_LIFE and find_run(run_before) then',
        to: 'if false then',
      },
    ],
  },
  {
    name: 'overlap gate',
    engines: ['sqlite'],
    edits: [{ file: 'domain/overlap.ts', from: '(live === 0 && waiting === 0)', to: 'live >= 0' }],
  },
  {
    name: 'overlap gate',
    engines: ['redis'],
    edits: [
      {
        file: LUA,
        from: "if live == 0 and waiting == 0 then return 'admit' end",
        to: "if true then return 'admit' end",
      },
    ],
  },
  {
    name: 'same number for a repeated claim',
    engines: ['sqlite', 'redis'],
    edits: [{ file: 'worker/claim-loop.ts', from: 'if (this.#openClaim) return this.#openClaim;', to: '' }],
  },
  {
    name: 'end told until it is taken',
    engines: ['sqlite', 'redis'],
    edits: [
      {
        file: 'worker/assignment.ts',
        from: 'filter(({ result, lost }) => result !== null && !lost);',
        to: 'filter((one) => one.result !== null && !one.lost && !Object.hasOwn(one, "told") && Object.assign(one, { told: true }));',
      },
    ],
  },
  {
    name: 'lease',
    engines: ['sqlite'],
    against: ['cut', 'mute'],
    edits: [
      {
        file: 'store/sqlite/leases/lapse.ts',
        from: 'changeRun(tx, run, { contact_lost_at: tx.now, deadline: tx.now + lostAfterSeconds * SECOND });',
        to: 'changeRun(tx, run, { contact_lost_at: tx.now, deadline: tx.now + lostAfterSeconds * 0 });',
      },
    ],
  },
  {
    name: 'lease',
    engines: ['redis'],
    against: ['cut', 'mute'],
    edits: [{ file: LUA, from: 'decided = lost_after == 0', to: 'decided = true' }],
  },
  {
    name: "worker's deadline without contact, and its stand-in",
    engines: ['sqlite', 'redis'],
    against: ['cut', 'mute'],
    edits: [
      { file: 'worker/lease-keeper.ts', from: 'if (this.#stopped || this.#asking ||', to: 'if (true ||' },
      { file: 'worker/allowances.ts', from: 'this.#standIn = standIn;', to: 'this.#standIn = null;' },
    ],
  },
  {
    name: 'stand-in of a worker that stands still',
    engines: ['sqlite', 'redis'],
    against: ['freeze'],
    edits: [{ file: 'worker/allowances.ts', from: 'this.#standIn = standIn;', to: 'this.#standIn = null;' }],
  },
  {
    name: 'record of slots passed over',
    engines: ['sqlite'],
    edits: [
      {
        file: 'store/sqlite/schedules/fire.ts',
        from: "if (firing.skipped !== null) recordSkipped(tx, job, definition, 'misfire', firing.skipped);",
        to: '',
      },
    ],
  },
];
