/**
 * How an installation lies in Redis: the one place that names keys and the fields of hashes. The scripts get the same
 * names from here (`scripts/generate-redis-scripts.ts`).
 *
 * All keys begin with one hash tag, so that an installation is one slot of a Redis Cluster.
 *
 *   seq                     the newest number given: max(µs now, last + 1). Numbers runs and jobs, and orders lists
 *   n                       hash of counters: jobs by status, runs by status, each queue's pending and running, bytes;
 *                           what `store/totals.ts` tells of, as `<kind>:<key>`; and `audited_more`: of how many things
 *                           entries of the audit log tell beyond one each
 *
 *   d:<job>                 string: <seq>|<facts>|<mark><definition>. Made once, replaced by an edit. See `facts.ts`;
 *                           the mark is that of the call that wrote it: see `call-mark.ts`
 *   j:<job>                 hash: what has changed of the job since it was made. What is missing has its first value
 *   v:<job>                 hash: version → <created at>|<definition>, of the versions before the current one
 *   o:<job>                 zset of its open runs: see `openness` in lib/runs.lua. Not for a once job with one run
 *   l:<job>                 zset: number → seq of its runs. Not for a once job with one run, whose seq is the job's
 *   names                   hash: name → job
 *   p:<3 hex digits>        set of seqs: jobs by the beginning of their id
 *   jobs, runs              streams: lists, newest last. The entry's id is the seq; a job's says which job it is
 *   crons, failed           zsets by seq: what lists are often asked for
 *
 *   r:<seq>                 hash: a run with its newest attempt
 *   a:<seq>                 hash: its earlier attempts by number, `l<number>` for how many processes one left running,
 *                           and the claims that were given back
 *   b:<seq>:<attempt>       zset by start: the blocks of an attempt's output, `<start>:<end>`, when there are several
 *   t:<seq>:<attempt>:<start>  string: a block
 *
 *   q:<queue>               zset: what can be claimed, in order. See `queue_score` in lib/runs.lua
 *   m:<queue>               zset with one member, while there may be work: what idle workers block on
 *   delay                   zset by time: runs that wait for it
 *   late                    zset by time: runs that wait for their first start, by when they are late
 *   due                     zset by next slot: cron jobs
 *   lease                   zset by deadline, in lease time: runs that are held. See lib/leases.lua
 *   contact                 hash: when engine and workers last saw each other, and how lease time runs. See lib/leases.lua
 *   h:<owner>               zset by claim number: what an owner holds
 *   c:<owner>               string: its newest claim number
 *   w:<owner>, workers      hash of a worker; zset of them by last sign
 *   queues                  hash: queue → `p` when it is paused, then `:`, then how many of its runs may run at once,
 *                           nothing for any number. Gone when nothing is set of any queue
 *
 *   keys                    zset by seq: ids of keys. `key:<id>`: hash of one. `keynames`, `keyhashes`: hashes that lead to
 *                           its id
 *   revoked:<id of a key>   string that expires: the mark of the call that revoked it
 *   session:<hash>          string that expires: <when>|<id of its key>
 *   sessions:<id of a key>  zset by end: the hashes of its sessions. Some may have ended
 *   audit                   zset by seq: entries of the audit log, as JSON
 *   samples:<ms>            zset by time: what the totals were, one for so many ms: see `store/samples.ts`
 *   done                    stream: once jobs without an open run, longest done first: `j` and the seq of one with one run,
 *                           `i` and the id of another. What its job does not know of (`done` in `j:<job>`) is stale
 *   ending                  zset of deleted jobs whose runs are still to be ended
 *   trim                    zset by time: cron jobs whose runs retention is to look at. See trim-cron.ts
 *   outputs                 stream: attempts that ended with output, longest ended first
 *   i:<key>, u:<request>    strings that expire: requests seen before, to create jobs and to trigger them
 *   changes                 capped stream: what changed, for live views
 *   schema                  hash: the installation's version, id and age, and which programs were seen when: see
 *                           `installation.ts`. Gone when Redis came back empty
 */
import type { Place, RunStatus, Trigger } from '../../domain/run.ts';

/** Fields of `r:<seq>`; `Run` in lib/runs.lua knows them by their long names. What is absent has its usual value. */
export const RUN_FIELDS = {
  job: 'j',
  /** Absent for 1. */
  number: 'n',
  name: 'nm',
  /** `cron`; absent for `once`. */
  type: 'y',
  /** Absent for `pending`. */
  status: 's',
  reason: 'r',
  detail: 'd',
  /** Absent for `schedule` of a cron job, and for `submit` of a once job. */
  trigger: 't',
  scheduled_for: 'sf',
  /** Absent when the seq tells it. */
  created_at: 'ca',
  started_at: 'st',
  finished_at: 'fi',
  queue: 'q',
  priority: 'p',
  /** Of a pending run; absent for `queue`. */
  place: 'pl',
  /** Absent when it is `scheduled_for`, or `created_at` of a run without one. */
  ready_at: 'ra',
  late_at: 'lt',
  /** Absent for 0 without an owner, for 1 with one. */
  attempt: 'a',
  /** Absent when it is the attempt's number. */
  fence: 'f',
  contact_lost_at: 'cl',
  cancel_reason: 'x',
  /** The mark of the call that ended or flagged it: see `call-mark.ts`. */
  cancelled_by: 'xb',
  skipped_first: 'k1',
  skipped_last: 'k2',
  skipped_count: 'kc',
  skipped_at_least: 'ka',
  // The newest attempt.
  owner: 'o',
  /** The fence of its claim; absent when it is the run's, which a claim that was given back has raised. */
  attempt_fence: 'fa',
  worker: 'w',
  /** Absent for 1. */
  version: 'v',
  /** Absent when it is the run's. */
  attempt_started_at: 'as',
  /** Absent when it is the run's. */
  attempt_finished_at: 'af',
  duration_ms: 'du',
  /** Absent for 0. */
  left_running: 'lf',
  /** JSON of the domain's Outcome; absent for `succeeded`. */
  outcome: 'oc',
  /** Whether the engine decided its end, not its worker. */
  decided: 'de',
  output_limit: 'ol',
  output_total: 'ot',
  /** Absent when all of it is kept. */
  output_kept: 'ok',
  /** Its entry in `outputs`, once it has ended with output. */
  output_entry: 'oe',
  /** As the executed version of the job says; see `facts.ts`. */
  lost_after: 'la',
  lost_retries: 'lr',
} as const;

/**
 * Of an earlier attempt in `a:<seq>`: the values of these fields, in this order, with `|` between them. The outcome is the
 * last, since it may hold anything.
 */
export const ATTEMPT_FIELDS = [
  'version',
  'attempt_fence',
  'owner',
  'worker',
  'attempt_started_at',
  'attempt_finished_at',
  'duration_ms',
  'decided',
  'output_limit',
  'output_total',
  'output_kept',
  'output_entry',
  'outcome',
] as const satisfies readonly (keyof typeof RUN_FIELDS)[];

/** Fields of `j:<job>`. */
export const JOB_FIELDS = {
  /** Absent when the seq tells it. */
  created_at: 'ca',
  version: 'v',
  version_at: 'va',
  updated_at: 'ua',
  paused: 'pz',
  next_slot: 'ns',
  last_slot: 'ls',
  /** Of its newest run. */
  last_number: 'n',
  last_run: 'lr',
  deleted_at: 'del',
  /** The mark of the call that deleted it: see `call-mark.ts`. */
  deleted_by: 'db',
  /** A once job's place in `done`, empty while a run of it is open; absent while it has one run. */
  done: 'dn',
} as const;

/** Words that every run has, as letters. */
export const STATUS_CODES = {
  pending: 'p',
  running: 'r',
  succeeded: 's',
  failed: 'f',
  cancelled: 'c',
  skipped: 'k',
} as const satisfies Record<RunStatus, string>;

export const TRIGGER_CODES = {
  schedule: 's',
  submit: 'u',
  manual: 'm',
  retry: 'r',
} as const satisfies Record<Trigger, string>;

export const PLACE_CODES = { queue: 'q', delay: 'd', turn: 't' } as const satisfies Record<Place, string>;
