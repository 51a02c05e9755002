/**
 * What a route is. The table in `routes/table.ts` is the one place that says which there are: the router, the answer to
 * a wrong method and the OpenAPI document are all made from it.
 */
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { AuditAction } from '../../domain/audit-action.ts';
import type { Role } from '../../domain/role.ts';
import type { ErrorCode } from '../../errors.ts';
import type { App } from '../app.ts';
import type { Deeds } from '../audit/deeds.ts';
import type { Credential } from '../keys/known-keys.ts';
import type { Caller } from '../guard/caller.ts';
import type { CookiePlace } from '../guard/session-cookie.ts';
import type { OpenStream, Reply, StreamKind } from '../reply/reply.ts';
import type { HeaderName } from './openapi-headers.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface ApiRequest<Query = unknown> {
  readonly app: App;
  /** Of the path, decoded: `ref` of `/api/jobs/:ref`. */
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: Query;
  /** The JSON of the body, not judged yet; undefined when there was none. */
  readonly body: unknown;
  /** The same as it came. */
  readonly bodyBytes: Buffer | null;
  readonly headers: IncomingMessage['headers'];
  /** Who asks; its role is enough for this route. Null only where anyone may ask. */
  readonly caller: Caller | null;
  /** What it showed; null for who needs none. */
  readonly credential: Credential | null;
  /** Of the client, as far as it can be believed. */
  readonly address: string;
  /** Tells where a page has the cookie of its session. */
  readonly cookiePlace: () => CookiePlace;
  readonly requestId: string;
  /** Where a handler tells the audit log of each thing that it changed, as soon as it has. */
  readonly deeds: Deeds;
  /**
   * To be called between the steps of what takes many, so that it leaves off when nobody waits for the reply any more.
   *
   * @throws JobschedError `shutting_down` when the server stops; another, that nobody will see, when the client is gone.
   */
  readonly requireListener: () => void;
  /** Takes one of the places for streams. @throws JobschedError `too_many_requests`, `shutting_down`. */
  readonly openStream: (kind: StreamKind) => OpenStream;
}

export interface ResponseDoc {
  readonly description: string;
  /** Absent for a response without a body. */
  readonly schema?: z.ZodType;
  /** Default: `application/json`. Several where the request chooses. */
  readonly mediaType?: string | readonly string[];
  /** Of our own, besides `X-Request-Id`. */
  readonly headers?: readonly HeaderName[];
}

export interface RouteDoc {
  /** The operation's name in OpenAPI, and so in generated clients. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: 'jobs' | 'runs' | 'schedules' | 'system' | 'access';
  /** Beyond the path and the query: name → meaning. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly responses: Readonly<Record<number, ResponseDoc>>;
  /** What else can be answered, besides what every route can. */
  readonly errors: readonly ErrorCode[];
}

export interface RouteBody {
  /** What OpenAPI shows; several when one of them is meant. */
  readonly schemas: readonly z.ZodType[];
  readonly required: boolean;
  /** Whether it may have the bulk size. */
  readonly bulk?: boolean;
}

/** `each`: the request says what it does, and its handler the audit log. */
export type RouteAction = AuditAction | 'each';

/** The least role that may ask; `anyone`: also who is nobody. */
export type Access = Role | 'anyone';

export interface Route {
  readonly method: Method;
  /** `:name` stands for one part of the path. */
  readonly path: string;
  readonly access: Access;
  /** What the audit log calls it; null for what changes nothing. A server that is read-only refuses what is not null. */
  readonly action: RouteAction | null;
  readonly doc: RouteDoc;
  readonly query: z.ZodObject | null;
  /** Null: it takes none. */
  readonly body: RouteBody | null;
  readonly handle: (request: ApiRequest) => Promise<Reply>;
}

/** A route says who may ask, and one that lets somebody change something, what it is called in the audit log. */
type Permission =
  | { readonly method: 'GET'; readonly access: Access; readonly action?: never }
  | { readonly method: 'POST'; readonly access: 'anyone' | 'viewer'; readonly action?: never }
  | {
      readonly method: Exclude<Method, 'GET'>;
      readonly access: Exclude<Role, 'viewer'>;
      readonly action: RouteAction;
    };

type Given<Q extends z.ZodObject> = Pick<Route, 'path' | 'doc'> &
  Permission & {
    readonly query?: Q;
    readonly body?: RouteBody;
    readonly handle: (request: ApiRequest<z.output<Q>>) => Promise<Reply>;
  };

/** A route whose handler sees its query as its schema says. */
export function route<Q extends z.ZodObject = z.ZodObject<Record<string, never>>>(given: Given<Q>): Route {
  const { handle, action = null, query = null, body = null, ...rest } = given;
  return {
    ...rest,
    action,
    query,
    body,
    handle: (request) => handle(request as ApiRequest<z.output<Q>>),
  };
}
