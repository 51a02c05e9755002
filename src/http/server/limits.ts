/** How much of everything one server takes. Settable for tests; nobody should need to. */
import { MINUTE, SECOND, type Millis } from '../../domain/instant.ts';

export interface HttpLimits {
  /** Of a request's body. */
  readonly bodyBytes: number;
  /** Of `POST /api/jobs`, which may carry 1,000 jobs. */
  readonly bulkBodyBytes: number;
  /** Of all bodies that are being received or dealt with, but for the first 64 KiB of each. */
  readonly bodiesBytes: number;
  /** Of all replies in JSON that wait to be read, but for the first 64 KiB of each. */
  readonly repliesBytes: number;
  readonly headerBytes: number;
  /** From a connection's start to the end of its first request's headers. */
  readonly headersTimeoutMs: Millis;
  /** Until a request was received; its response may take for ever. */
  readonly requestTimeoutMs: Millis;
  /** How long an idle connection stays. */
  readonly keepAliveTimeoutMs: Millis;
  readonly connections: number;
  /** Of one address, but for those of trusted proxies. */
  readonly connectionsOfOne: number;
  /** Of one connection; then it is closed. */
  readonly requestsPerConnection: number;
  /** How many runs one request cancels of the jobs that it names, about. */
  readonly cancelledRuns: number;
  /** Responses that stay open: so many of events, and so many of followed output. */
  readonly streams: number;
  /** Of each kind, for one key and for one address. */
  readonly streamsOfOne: number;
  /** What may wait to be sent to one client of events. One that reads slower is dropped, and resumes when it comes back. */
  readonly eventBufferBytes: number;
  /** Between two signs of life in a stream of events. */
  readonly eventHeartbeatMs: Millis;
  /** A client that reads nothing of what waits for it is dropped after this, or twice this at the latest. */
  readonly stuckTimeoutMs: Millis;
  /** How long the rest of a refused body is read, so that its sender sees the reply. */
  readonly lingerMs: Millis;
  /** How often it is looked whether the certificate has changed. */
  readonly certificateCheckMs: Millis;
  /** How long a stop waits for requests under way. */
  readonly stopTimeoutMs: Millis;
}

export const DEFAULT_LIMITS: HttpLimits = {
  bodyBytes: 2 ** 20,
  bulkBodyBytes: 16 * 2 ** 20,
  bodiesBytes: 64 * 2 ** 20,
  repliesBytes: 128 * 2 ** 20,
  headerBytes: 16 * 2 ** 10,
  headersTimeoutMs: 10 * SECOND,
  requestTimeoutMs: MINUTE / 2,
  keepAliveTimeoutMs: 5 * SECOND,
  connections: 1_024,
  connectionsOfOne: 768,
  requestsPerConnection: 1_000,
  cancelledRuns: 10_000,
  streams: 256,
  streamsOfOne: 128,
  eventBufferBytes: 2 ** 20,
  eventHeartbeatMs: 15 * SECOND,
  stuckTimeoutMs: MINUTE / 2,
  lingerMs: 2 * SECOND,
  certificateCheckMs: 5 * SECOND,
  stopTimeoutMs: 5 * SECOND,
};
