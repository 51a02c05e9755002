/** A real HTTP server over a real SQLite store, and calls to it. `every-response.ts` judges what they are answered with. */
import { pino } from 'pino';
import { Agent, request as send, type Dispatcher } from 'undici';
import { systemClock, type Clock } from '../../src/clock.ts';
import type { Problem } from '../../src/http/schema/problem.ts';
import { createHttpServer, type HttpOptions, type HttpServer } from '../../src/http/server/server.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryFolder } from './folder.ts';

export interface CallOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is; its type must be among the headers. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly body: Body;
  readonly text: string;
}

export interface Api extends AsyncDisposable {
  readonly server: HttpServer;
  readonly store: Store;
  /** What was logged, as lines of JSON. */
  readonly log: readonly string[];
  call<Body = never>(method: Dispatcher.HttpMethod, path: string, options?: CallOptions): Promise<Answer<Body>>;
  /** Calls for what must fail. */
  fail(
    method: Dispatcher.HttpMethod,
    path: string,
    options?: CallOptions,
  ): Promise<Problem & { readonly headers: Answer<never>['headers'] }>;
  /** Without waiting for the response's body. */
  open(path: string, headers?: Readonly<Record<string, string>>): Promise<Dispatcher.ResponseData>;
}

export type ApiOptions = Partial<HttpOptions> & {
  readonly clock?: Clock;
  /** Puts something between the server and its store. */
  readonly wrapStore?: (store: Store) => Store;
};

export async function startApi(options: ApiOptions = {}): Promise<Api> {
  const folder = await temporaryFolder();
  const clock = options.clock ?? systemClock;
  const store = await openStore({ kind: 'sqlite', file: `${folder.path}/jobs.db`, clock });
  const log: string[] = [];
  const server = createHttpServer({
    store: options.wrapStore?.(store) ?? store,
    clock,
    logger: pino({ level: 'debug' }, { write: (line) => void log.push(line) }),
    version: '0.0.0-test',
    host: null,
    port: 0,
    machineName: 'machine',
    allowedHosts: ['allowed.example'],
    publicUrl: null,
    timezone: 'UTC',
    localUser: process.getuid?.() ?? null,
    page: { files: {} },
    ...options,
  });
  await server.start();
  const dispatcher = new Agent({ keepAliveTimeout: 1_000 });
  const base = `http://127.0.0.1:${server.port}`;
  const call = callerOf(base, dispatcher);
  return {
    server,
    store,
    log,
    call,
    fail: async (method, path, options) => {
      const answer = await call<Problem>(method, path, options);
      if (answer.status < 400) throw new Error(`${method} ${path} answered ${answer.status}, and should have failed`);
      return { ...answer.body, headers: answer.headers };
    },
    open: (path, headers = {}) => send(base + path, { dispatcher, headers }),
    [Symbol.asyncDispose]: async () => {
      await dispatcher.destroy();
      await server.stop();
      await store.close();
      await folder.remove();
    },
  };
}

function callerOf(base: string, dispatcher: Agent): Api['call'] {
  return async <Body>(
    method: Dispatcher.HttpMethod,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer<Body>> => {
    const json = options.body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await send(base + path, {
      dispatcher,
      method,
      headers: { ...json, ...options.headers },
      body: options.raw ?? (options.body === undefined ? null : JSON.stringify(options.body)),
    });
    const text = await response.body.text();
    const { statusCode: status, headers } = response;
    const type = String(headers['content-type']);
    const isJson = type.includes('json') && !type.includes('ndjson');
    const body: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
    return { status, headers, body: body as Body, text };
  };
}

/** The store, with some of its methods replaced. */
export function overridden(store: Store, methods: Partial<Store>): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const replaced: unknown = Reflect.get(methods, name);
      const value: unknown = replaced ?? Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
