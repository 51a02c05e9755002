/**
 * The HTTP server: the API and the page.
 *
 *   new ──start──► running ──stop──► stopping ──streams ended, requests answered, or time is up──► stopped
 */
import { createServer, type Server } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { Millis } from '../../domain/instant.ts';
import type { Logger } from '../../log.ts';
import type { Service } from '../../service.ts';
import type { Store } from '../../store/store.ts';
import type { App, MetricsPage, ReadyPart } from '../app.ts';
import { createBodyBudget } from '../request/body-budget.ts';
import { createChangeFeed } from '../events/change-feed.ts';
import { allowedHosts } from '../guard/host.ts';
import { localUserGuard } from '../guard/local-user.ts';
import { createHandler, type Handler } from './handler.ts';
import { DEFAULT_LIMITS, type HttpLimits } from './limits.ts';
import { listen } from './listen.ts';
import { answerMalformed } from './malformed.ts';
import { createOpenStreams } from './open-streams.ts';
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
  /** Of schedules that name none; an IANA name. */
  readonly timezone: string;
  /** The uid of the only user, besides root, that may ask; null: whoever reaches the port may. */
  readonly localUser: number | null;
  /** Whether new jobs and runs are taken; false while a stop waits for runs to end. Default: always. */
  readonly takesWork?: () => boolean;
  /** Whether a stop has begun, and clients should turn to others: connections are closed after their next answer. */
  readonly isStopping?: () => boolean;
  /** What `/readyz` asks besides the engine. */
  readonly parts?: readonly ReadyPart[];
  /** What `/metrics` shows. Default: nothing. */
  readonly metrics?: MetricsPage;
  readonly page: PageAssets;
  readonly limits?: Partial<HttpLimits>;
}

/** How often a stop closes what has become idle. */
const SWEEP_EVERY: Millis = 20;

export interface HttpServer extends Service {
  /** What people open: `http://localhost:8080`. Only while it runs. */
  readonly url: string;
  readonly port: number;
}

/** `start` throws `port_in_use`, `address_unavailable`, and `invalid_config` where the local user cannot be told. */
export function createHttpServer(options: HttpOptions): HttpServer {
  return new NodeHttpServer(options);
}

class NodeHttpServer implements HttpServer {
  readonly #options: HttpOptions;
  readonly #limits: HttpLimits;
  #app: App | null = null;
  #servers: readonly Server[] = [];
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
    const { host } = this.#options;
    const everywhere = host === null || host === '0.0.0.0' || host === '::';
    const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
    return `http://${name}:${this.#port}`;
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
    const guard = localUser === null ? null : await localUserGuard(localUser, logger);
    this.#app = this.#createApp();
    const handler = createHandler({
      app: this.#app,
      router: createRouter(ROUTES),
      page: createPage(page),
      allowedHosts: allowedHosts({ machine: machineName, publicUrl, allowed }),
      publicUrl,
      localUser: guard,
    });
    try {
      const listening = await listen(() => newServer(this.#limits, handler), host, port);
      this.#servers = listening.servers;
      this.#port = listening.port;
    } catch (error) {
      this.#app.changes.stop();
      throw error;
    }
  }

  #createApp(): App {
    const { store, clock, logger, version, timezone, takesWork = () => true, parts = [] } = this.#options;
    const { isStopping = () => false, metrics = null } = this.#options;
    const streams = createOpenStreams(this.#limits.streams);
    return {
      store,
      logger,
      version,
      timezone,
      takesWork,
      parts,
      metrics,
      startedAt: clock.now(),
      limits: this.#limits,
      changes: createChangeFeed(store, logger),
      streams,
      isStopping: () => streams.stopped || isStopping(),
      bodies: createBodyBudget(this.#limits.bodiesBytes),
    };
  }

  /** Nobody new is let in, streams end, requests under way are answered; what takes too long is cut off. */
  async #stop(): Promise<void> {
    await this.#starting?.catch(() => undefined);
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
  }
}

/** The limits are against clients that send slowly, much, or for ever (trust: Slowloris, CVE-2018-12122). */
function newServer(limits: HttpLimits, handler: Handler): Server {
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(5_000, limits.headersTimeoutMs),
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.headerBytes,
    noDelay: true,
    // Finds out that a client has gone that is told nothing for long: one that follows a silent run.
    keepAlive: true,
  });
  server.maxConnections = limits.connections;
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  server.on('request', handler);
  // Without a listener Node says "continue" before anybody has looked at the request.
  server.on('checkContinue', handler);
  server.on('checkExpectation', handler);
  server.on('clientError', answerMalformed);
  return server;
}
