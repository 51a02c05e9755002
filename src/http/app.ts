/** What the handlers work with. */
import type { Clock } from '../clock.ts';
import type { Instant } from '../domain/instant.ts';
import type { Logger } from '../log.ts';
import type { Health } from '../service.ts';
import type { Store } from '../store/store.ts';
import type { AuditLog } from './audit/audit-log.ts';
import type { CheckKey } from './guard/check-key.ts';
import type { AuthMode } from './guard/identify.ts';
import type { RateLimit } from './guard/rate-limit.ts';
import type { KnownKeys } from './keys/known-keys.ts';
import type { BodyBudget } from './request/body-budget.ts';
import type { ChangeFeed } from './events/change-feed.ts';
import type { HttpLimits } from './server/limits.ts';
import type { LineIndexes } from './output/line-indexes.ts';
import type { Newest } from './output/newest.ts';
import type { TextIndex } from './output/text-index.ts';
import type { OpenStreams } from './server/open-streams.ts';

export interface App {
  readonly store: Store;
  /** Of this host, which decides nothing: the store's does. */
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
  /** This jobsched's. */
  readonly version: string;
  readonly startedAt: Instant;
  /** Of schedules that name none; an IANA name. */
  readonly timezone: string;
  /** What lies below it is served as well: `/jobs`; the empty one where there is none. Paths in replies begin with it. */
  readonly basePath: string;
  readonly limits: HttpLimits;
  readonly auth: AuthMode;
  /** Whether nothing may be changed through this server. */
  readonly readOnly: boolean;
  /** Keys that were found valid a moment ago. */
  readonly keys: KnownKeys;
  readonly checkKey: CheckKey;
  /** Of logins with keys that are, by address. */
  readonly logins: RateLimit;
  readonly audit: AuditLog;
  /** What changes in the store, for everyone who watches. */
  readonly changes: ChangeFeed;
  /** The responses that stay open. */
  readonly streams: OpenStreams;
  /** Where the lines of output begin. */
  readonly lines: LineIndexes;
  /** Where the texts of attempts that have ended lie, by their `ETag`. */
  readonly texts: Newest<TextIndex>;
  /** The bodies that are being received or dealt with. */
  readonly bodies: BodyBudget;
  /** The replies that wait to be read. */
  readonly replies: BodyBudget;
  /** False while a stop waits for runs to end. */
  readonly takesWork: () => boolean;
  /** Whether clients should turn to another server: then each connection is closed after its next answer. */
  readonly isStopping: () => boolean;
  /** What `/readyz` asks besides the engine; each says what it is and whether it does its work. */
  readonly parts: readonly ReadyPart[];
  /** What `/metrics` shows; null where nobody keeps any. */
  readonly metrics: MetricsPage | null;
}

/** A page of metrics, made anew at each look. */
export interface MetricsPage {
  /** Whether anyone may look, who needs a key for all else. */
  readonly isOpen?: boolean;
  readonly contentType: string;
  /** Never rejects: what cannot be had is left out. */
  readonly render: () => Promise<string>;
}

export interface ReadyPart {
  readonly name: string;
  readonly check: () => Health;
}
