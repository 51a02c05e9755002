/**
 * A typed client of the REST API: what the command line uses, and what `jobsched/client` exports.
 *
 *     const client = createClient({ server: 'http://localhost:8080' });
 *     const job = await client.jobs.create({ command: 'date', schedule: '@every 90s' });
 *     await client.close();
 *
 * Everything that goes wrong is a `JobschedError` with the server's code, sentence, hint and field; `server_unreachable`
 * and `timed_out` are the client's own.
 */
import { boundTo } from './bound.ts';
import { watchEvents, type EventOptions, type ServerEvent } from './events.ts';
import { accessClient, type AccessClient } from './keys.ts';
import { jobsClient, type JobsClient } from './jobs.ts';
import { runsClient, type RunsClient } from './runs.ts';
import { path, withQuery } from './path.ts';
import { createTransport, type Transport } from './transport.ts';
import { MINUTE, SECOND, type Millis } from '../domain/instant.ts';
import type { CalendarView } from '../http/schema/calendar.ts';
import type { PreviewBody, PreviewView } from '../http/schema/preview.ts';
import type { CalendarQuery } from '../http/schema/query.ts';
import type { QueueList, QueuePatch, QueueView } from '../http/schema/queue.ts';
import type { Series, SeriesQuery } from '../http/schema/stats.ts';
import type { DoctorView, LiveView, ReadyView, StatsView, WorkerList, WorkerView } from '../http/schema/system.ts';

export { JobschedError, type ErrorCode } from '../errors.ts';
export type { EventOptions, ServerEvent } from './events.ts';
export type { CreateOptions, JobFilter, JobsClient } from './jobs.ts';
export type { FollowRange, OutputEvent, OutputPiece, OutputRange } from './output.ts';
export type { AccessClient, AuditFilter, KeysClient } from './keys.ts';
export type { Page } from './pages.ts';
export type { LineSearch, RunFilter, RunsClient } from './runs.ts';
export type { AuditEntryView, KeyView, NewKeyBody, NewKeyView, WhoamiView } from '../http/schema/access.ts';
export type { BulkJobsBody, BulkJobsOutcome, BulkRunsBody, BulkRunsOutcome } from '../http/schema/bulk.ts';
export type { NewJobBody, PatchBody, TriggerBody } from '../http/schema/job-body.ts';
export type {
  BulkItem,
  BulkResult,
  CheckedJob,
  CheckItem,
  CheckResult,
  JobView,
  VersionView,
} from '../http/schema/job-view.ts';
export type { LineList, NumberedLineView } from '../http/schema/output.ts';
export type { CalendarView } from '../http/schema/calendar.ts';
export type { PreviewBody, PreviewView } from '../http/schema/preview.ts';
export type { CalendarQuery, JobListQuery, JobRunsQuery, LinesQuery, RunListQuery } from '../http/schema/query.ts';
export type { QueuePatch, QueueView } from '../http/schema/queue.ts';
export type { AttemptView, CancelledRuns, RunDetail, RunView } from '../http/schema/run-view.ts';
export type { JobStats, Series, SeriesQuery } from '../http/schema/stats.ts';
export type { DoctorView, LiveView, ReadyView, StatsView, WorkerView } from '../http/schema/system.ts';

export interface ClientOptions {
  /** The server's root. Default: http://localhost:8080. */
  readonly server?: string | URL;
  /** `jsk_…`, where the server wants one. */
  readonly key?: string;
  /** For one request, and for a stream until it begins. Default: 30,000. */
  readonly timeoutMs?: Millis;
  /** For the connection to stand. Default: 5,000. */
  readonly connectTimeoutMs?: Millis;
  /**
   * A server that is stopping, has too much to do or lost its engine says when to come again. What may be sent twice (a
   * GET, and what has an idempotency key) is sent again then, for so long in all. Default: 5,000; 0: never.
   */
  readonly waitMs?: Millis;
}

export interface Client extends AccessClient {
  readonly jobs: JobsClient;
  readonly runs: RunsClient;
  readonly schedules: {
    /** The next times of a schedule, in words and with notes on changes of the clock. @throws `invalid_schedule`. */
    preview(body: PreviewBody): Promise<PreviewView>;
    /** What comes when: a page of jobs with their slots in a span, by default the next 24 hours. */
    calendar(query?: CalendarQuery): Promise<CalendarView>;
  };
  /** Those seen within a day, newest start first. */
  workers(): Promise<readonly WorkerView[]>;
  /** By its id, or by its name while it lives. */
  worker(ref: string): Promise<WorkerView>;
  /** It claims no more, and what it runs goes on to its end. */
  drainWorker(ref: string): Promise<WorkerView>;
  /** `default`, and every queue with runs pending or running, or that is paused or limited. */
  queues(): Promise<readonly QueueView[]>;
  /** No run of it begins until it is resumed. @throws `not_found`, as the two below. */
  pauseQueue(name: string): Promise<QueueView>;
  resumeQueue(name: string): Promise<QueueView>;
  /** Limits how many of its runs run at once, on all workers together; null takes the limit away. */
  updateQueue(name: string, change: QueuePatch): Promise<QueueView>;
  stats(): Promise<StatsView>;
  /** What the server finds of itself, its engine and its workers. */
  doctor(): Promise<DoctorView>;
  /** A copy of a standalone's data, as one SQLite file. @throws `not_found` where the data is on a Redis. */
  backup(): AsyncIterable<Buffer>;
  /** What happened, step by step, for charts. */
  series(query?: SeriesQuery): Promise<Series>;
  /** What changes from now on, without end; comes back after a lost connection with what was missed. */
  events(options?: EventOptions): AsyncIterable<ServerEvent>;
  /** Whether the server can do its work, and which part of it cannot. */
  ready(): Promise<ReadyView>;
  /** Whether there is a server. */
  live(): Promise<LiveView>;
  /** Numbers for Prometheus, in its text format. */
  metrics(): Promise<string>;
  /** The API in OpenAPI 3.1. */
  openApi(): Promise<Readonly<Record<string, unknown>>>;
  /** The same client, whose calls, waits and streams end when the signal says so, with the signal's reason. */
  with(options: { readonly signal: AbortSignal }): Client;
  /** Ends what is under way and closes all connections. */
  close(): Promise<void>;
}

/** Connects when the first call is made. */
export function createClient(options: ClientOptions = {}): Client {
  const transport = createTransport({
    server: new URL(options.server ?? 'http://localhost:8080'),
    key: options.key ?? null,
    timeoutMs: options.timeoutMs ?? 30 * SECOND,
    connectTimeoutMs: options.connectTimeoutMs ?? 5 * SECOND,
    waitMs: options.waitMs ?? 5 * SECOND,
  });
  return clientOver(transport);
}

function clientOver(transport: Transport): Client {
  return {
    jobs: jobsClient(transport),
    runs: runsClient(transport),
    schedules: {
      preview: (body) => transport.json({ method: 'POST', path: '/api/schedules/preview', body, again: [50] }),
      calendar: (query = {}) =>
        transport.json({ method: 'GET', path: withQuery('/api/schedules/calendar', { ...query }) }),
    },
    ...system(transport),
    ...accessClient(transport),
    worker: (ref) => transport.json({ method: 'GET', path: path`/api/workers/${ref}` }),
    drainWorker: (ref) =>
      transport.json({ method: 'POST', path: path`/api/workers/${ref}/drain`, body: {}, again: [50, 500] }),
    pauseQueue: (name) => transport.json({ method: 'POST', path: path`/api/queues/${name}/pause`, body: {} }),
    resumeQueue: (name) => transport.json({ method: 'POST', path: path`/api/queues/${name}/resume`, body: {} }),
    updateQueue: (name, change) => transport.json({ method: 'PATCH', path: path`/api/queues/${name}`, body: change }),
    backup: () => fetchBackup(transport),
    events: (choice) => watchEvents(transport, choice),
    with: ({ signal }) => clientOver(boundTo(transport, signal)),
    close: () => transport.close(),
  };
}

/** It is made before the first byte comes: of a large one that takes its time. */
const BACKUP_IS_MADE_WITHIN: Millis = 10 * MINUTE;
/** Then it lies on a disk, and nothing but the way keeps it back. */
const BACKUP_IS_SILENT_FOR: Millis = MINUTE;

async function* fetchBackup(transport: Transport): AsyncGenerator<Buffer> {
  const call = { method: 'POST', path: '/api/backup', body: {}, beginsWithinMs: BACKUP_IS_MADE_WITHIN } as const;
  const { body } = await transport.stream(call, BACKUP_IS_SILENT_FOR);
  yield* body;
}

type System = 'workers' | 'queues' | 'stats' | 'doctor' | 'series' | 'ready' | 'live' | 'metrics' | 'openApi';

function system(transport: Transport): Pick<Client, System> {
  const get = <Reply>(path: string): Promise<Reply> => transport.json<Reply>({ method: 'GET', path });
  return {
    workers: async () => (await get<WorkerList>('/api/workers')).workers,
    queues: async () => (await get<QueueList>('/api/queues')).queues,
    stats: () => get('/api/stats'),
    ready: () => transport.json({ method: 'GET', path: '/readyz', expects: 503 }),
    live: () => get('/livez'),
    metrics: () => transport.text({ method: 'GET', path: '/metrics' }),
    openApi: () => get('/api/openapi.json'),
    doctor: () => get('/api/doctor'),
    series: (query = {}) => get(withQuery('/api/stats/series', { ...query })),
  };
}
