/**
 * The HTTP server: the API and the page.
 *
 *   new ──start──► running ──stop──► stopping ──streams ended, requests answered, or time is up──► stopped
 */
import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:tls';
import type { Clock } from '../../clock.ts';
import type { Millis } from '../../domain/instant.ts';
import type { Logger } from '../../log.ts';
import type { Service } from '../../service.ts';
import type { Store } from '../../store/store.ts';
import type { App, MetricsPage, ReadyPart } from '../app.ts';
import { createBodyBudget } from '../request/body-budget.ts';
import { createLineIndexes } from '../output/line-indexes.ts';
import { createTextIndexes } from '../output/text-index.ts';
import { createChangeFeed } from '../events/change-feed.ts';
import { allowedHosts } from '../guard/host.ts';
import { createCheckKey } from '../guard/check-key.ts';
import { createProxies } from '../guard/proxies.ts';
import { createRateLimit, type Rate } from '../guard/rate-limit.ts';
import { createIdentify, type AuthMode } from '../guard/identify.ts';
import { createAuditLog } from '../audit/audit-log.ts';
import { createKnownKeys } from '../keys/known-keys.ts';
import { localUserGuard } from '../guard/local-user.ts';
import { createCrowdGuard } from './crowd.ts';
import { createHandler, type CountRequest } from './handler.ts';
import { DEFAULT_LIMITS, type HttpLimits } from './limits.ts';
import { readCertificate, type Certificate, type TlsFiles } from './certificate.ts';
import { listen } from './listen.ts';
import { newNodeServer } from './node-server.ts';
import { createOpenStreams } from './open-streams.ts';
import { reachedByTls, transportSecurity } from './transport-security.ts';
import { createPage, type PageAssets } from '../page/page.ts';
import { createRouter } from '../routes/router.ts';
import { ROUTES } from '../routes/table.ts';

export interface HttpOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This jobsched's. */
  readonly version: string;
  /** Null: 127.0.0.1, and ::1 where there is IPv6, at one port. */
  readonly host: string | null;
  /** 0 takes a free one. */
  readonly port: number;
  /** The machine's own name: requests may be addressed to it. */
  readonly machineName: string;
  /** Further names that requests may be addressed to. */
  readonly allowedHosts: readonly string[];
  /** Where people reach the page through a proxy, or null. */
  readonly publicUrl: string | null;
  /** What lies below it is served as well: `/jobs`. Default: none, the empty one. */
  readonly basePath?: string;
  /** Proxies that are believed: addresses, ranges, `loopback`. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** Requests a second of one client that is on another machine. Default: 0, any number. */
  readonly rateLimit?: number;
  /** Speaks TLS with these. Default: plain HTTP. */
  readonly tls?: TlsFiles | null;
  /** Of schedules that name none; an IANA name. */
  readonly timezone: string;
  /** Who may ask: see `guard/identify.ts`. Default: `local`. */
  readonly auth?: AuthMode;
  /** Whether nothing may be changed through this server. Default: no. */
  readonly readOnly?: boolean;
  /** The uid of the user that is this machine's own, besides root; null where the system has no such numbers. */
  readonly localUser: number | null;
  /** Whether new jobs and runs are taken; false while a stop waits for runs to end. Default: always. */
  readonly takesWork?: () => boolean;
  /** Whether a stop has begun, and clients should turn to others: connections are closed after their next answer. */
  readonly isStopping?: () => boolean;
  /** What `/readyz` asks besides the engine. */
  readonly parts?: readonly ReadyPart[];
  /** What `/metrics` shows. Default: nothing. */
  readonly metrics?: MetricsPage;
  /** Told of every request that was answered. */
  readonly countRequest?: CountRequest;
  readonly page: PageAssets;
  readonly limits?: Partial<HttpLimits>;
}

/** A person mistypes a key now and then; who guesses is told that this leads nowhere. */
const FAILURES: Rate = { perSecond: 1 / 6, burst: 10 };

/** Each leaves an entry in the audit log: none must be pushed out of it. */
const LOGINS: Rate = { perSecond: 1 / 60, burst: 30 };

/** How often a stop closes what has become idle. */
const SWEEP_EVERY: Millis = 20;

export interface HttpServer extends Service {
  /** What people open: `http://localhost:8080`. Only while it runs. */
  readonly url: string;
  readonly port: number;
}

/**
 * `start` throws `port_in_use`, `address_unavailable`, and `invalid_config` for a certificate that is no good.
 */
export function createHttpServer(options: HttpOptions): HttpServer {
  return new NodeHttpServer(options);
}

class NodeHttpServer implements HttpServer {
  readonly #options: HttpOptions;
  readonly #limits: HttpLimits;
  #app: App | null = null;
  #servers: readonly Server[] = [];
  #endWatch: () => void = () => undefined;
  #port = 0;
  #starting: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    const { host, tls } = this.#options;
    const everywhere = host === null || host === '0.0.0.0' || host === '::';
    const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
    return `${tls == null ? 'http' : 'https'}://${name}:${this.#port}`;
  }

  start(): Promise<void> {
    this.#starting ??= this.#stopping === null ? this.#start() : Promise.resolve();
    return this.#starting;
  }

  async stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    await this.#stopping;
  }

  async #start(): Promise<void> {
    const { host, port, page, machineName, allowedHosts: allowed, publicUrl, localUser, logger } = this.#options;
    const { tls = null, basePath = '', trustedProxies = [], clock, rateLimit = 0 } = this.#options;
    const { auth = 'local' } = this.#options;
    const guard = localUser === null || auth === 'none' ? null : await localUserGuard(localUser, logger);
    const certificate = tls === null ? null : await readCertificate(tls, logger);
    const proxies = createProxies(trustedProxies);
    const app = this.#createApp();
    this.#app = app;
    const crowd = createCrowdGuard(this.#limits.connectionsOfOne, proxies);
    const isSecure = reachedByTls(publicUrl, proxies);
    const handler = createHandler({
      app,
      router: createRouter(ROUTES),
      countRequest: this.#options.countRequest ?? (() => undefined),
      monotonic: clock.monotonic,
      page: createPage(page, basePath),
      allowedHosts: allowedHosts({ machine: machineName, publicUrl, allowed }),
      publicUrl,
      proxies,
      rate: createRateLimit({ perSecond: rateLimit, burst: 2 * rateLimit }, clock.monotonic, 'requests'),
      transportSecurity: transportSecurity(publicUrl, proxies),
      isSecure,
      identify: createIdentify({
        mode: auth,
        keys: app.keys,
        localUser: guard,
        checkKey: app.checkKey,
      }),
    });
    try {
      const context = certificate?.context ?? null;
      const listening = await listen(() => newNodeServer(this.#limits, handler, crowd, context), host, port);
      this.#servers = listening.servers;
      this.#port = listening.port;
    } catch (error) {
      this.#app.changes.stop();
      throw error;
    }
    if (certificate !== null) this.#endWatch = this.#renew(certificate);
  }

  #renew(certificate: Certificate): () => void {
    return certificate.watch(this.#limits.certificateCheckMs, (context) => {
      for (const server of this.#servers) if (server instanceof TlsServer) server.setSecureContext(context);
    });
  }

  #createApp(): App {
    const { store, clock, logger, version, timezone, takesWork = () => true, parts = [] } = this.#options;
    const { isStopping = () => false, metrics = null, basePath = '', auth = 'local', readOnly = false } = this.#options;
    const keys = createKnownKeys({ store, monotonic: clock.monotonic });
    const streams = createOpenStreams({ most: this.#limits.streams, mostOfOne: this.#limits.streamsOfOne });
    return {
      store,
      clock,
      logger,
      version,
      timezone,
      takesWork,
      parts,
      metrics,
      basePath,
      auth,
      readOnly,
      keys,
      checkKey: createCheckKey(keys, createRateLimit(FAILURES, clock.monotonic, 'keys that are not valid')),
      logins: createRateLimit(LOGINS, clock.monotonic, 'logins'),
      audit: createAuditLog(store, logger),
      startedAt: clock.now(),
      limits: this.#limits,
      changes: createChangeFeed(store, logger),
      lines: createLineIndexes(store),
      texts: createTextIndexes(),
      streams,
      isStopping: () => streams.stopped || isStopping(),
      bodies: createBodyBudget(this.#limits.bodiesBytes),
      replies: createBodyBudget(this.#limits.repliesBytes),
    };
  }

  /** Nobody new is let in, streams end, requests under way are answered; what takes too long is cut off. */
  async #stop(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    this.#endWatch();
    this.#app?.streams.stop();
    this.#app?.changes.stop();
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    const cut = setTimeout(() => {
      for (const server of this.#servers) server.closeAllConnections();
    }, this.#limits.stopTimeoutMs);
    // A connection whose last response has ended would be kept alive for nothing.
    const sweep = setInterval(() => {
      for (const server of this.#servers) server.closeIdleConnections();
    }, SWEEP_EVERY);
    await Promise.all(closed);
    clearInterval(sweep);
    clearTimeout(cut);
    await this.#app?.audit.stop();
  }
}
