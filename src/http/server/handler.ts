/**
 * What happens to a request, in this order: is it addressed to us, may this connection ask, may this page ask, who
 * asks, which route, may he use it, what does it say; then its handler; then the reply, or the problem.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Millis } from '../../domain/instant.ts';
import { includesRole } from '../../domain/role.ts';
import { JobschedError } from '../../errors.ts';
import type { App } from '../app.ts';
import { hasBody, readBody } from '../request/body.ts';
import type { Allowance } from '../request/body-budget.ts';
import { actorOf } from '../audit/actor.ts';
import { TellsDeeds } from '../audit/deeds.ts';
import { forbidden, unauthorized } from '../guard/caller.ts';
import { isForwarded } from '../guard/forwarded.ts';
import { checkHost } from '../guard/host.ts';
import { nobody, type Identify, type Identity } from '../guard/identify.ts';
import { cookiePlace, type CookiePlace } from '../guard/session-cookie.ts';
import { checkBrowser, checkOrigin } from '../guard/origin.ts';
import type { Proxies } from '../guard/proxies.ts';
import { clientOf, isLoopback, TooManyRequests, type RateLimit } from '../guard/rate-limit.ts';
import { KNOWN_FOR, type Credential } from '../keys/known-keys.ts';
import { belowBase } from './base-path.ts';
import { restOf } from './linger.ts';
import type { TransportSecurity } from './transport-security.ts';
import type { Page } from '../page/page.ts';
import { whenClosed } from '../reply/closed.ts';
import { toProblem } from '../reply/problem.ts';
import { readQuery } from '../request/query.ts';
import { targetOf } from '../request/target.ts';
import { dropWhenStuck } from './stuck.ts';
import { holdReply } from '../reply/hold.ts';
import { located, moved, send, type Headers, type Reply } from '../reply/reply.ts';
import type { Access, ApiRequest, Route } from '../routes/route.ts';
import { getMetrics, live } from '../routes/system.ts';
import { MethodNotAllowed, type Matched, type Router } from '../routes/router.ts';

export interface Handling {
  readonly app: App;
  readonly router: Router;
  readonly countRequest: CountRequest;
  readonly monotonic: () => Millis;
  readonly page: Page;
  readonly allowedHosts: ReadonlySet<string>;
  readonly publicUrl: string | null;
  readonly proxies: Proxies;
  readonly transportSecurity: TransportSecurity;
  /** Of requests. */
  readonly rate: RateLimit;
  readonly identify: Identify;
  /** Whether the client reached us by TLS. */
  readonly isSecure: (request: IncomingMessage) => boolean;
}

/** How a request was answered. */
export interface Answered {
  /** Of its route; `other` where there is none. */
  readonly method: string;
  /** As the API has it: `/api/jobs/:ref`; `page` for its files; `none` for what is refused before it has one. */
  readonly route: string;
  readonly status: number;
  /** Until the answer was there: what streams goes on. */
  readonly took: Millis;
}

export type CountRequest = (answered: Answered) => void;

/** Where a request has come so far. */
interface Course {
  method: Answered['method'];
  route: Answered['route'];
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export function createHandler(handling: Handling): Handler {
  return (request, response) => void handle(handling, request, response);
}

/** Never rejects. */
async function handle(handling: Handling, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  const isHead = request.method === 'HEAD';
  const begun = handling.monotonic();
  const course: Course = { method: 'other', route: 'none' };
  let counted = false;
  const count = (status: number): void => {
    if (!counted) handling.countRequest({ ...course, status, took: handling.monotonic() - begun });
    counted = true;
  };
  const more = { 'X-Request-Id': requestId, ...handling.transportSecurity(request) };
  const { stuckTimeoutMs } = handling.app.limits;
  try {
    const reply = holdReply(
      handling.app.replies,
      response,
      await answer(handling, request, response, requestId, course),
    );
    count(reply.status ?? 200);
    letGo(handling.app, response);
    if (reply.kind === 'stream') dropWhenStuck(response, stuckTimeoutMs);
    await send(response, located(reply, handling.app.basePath), more, isHead);
  } catch (error) {
    report(handling, request, requestId, error);
    count(toProblem(error, requestId).status);
    letGo(handling.app, response);
    if (response.headersSent || response.destroyed) response.destroy();
    else {
      const rest = restOf(request, handling.app.limits.lingerMs);
      const close: Headers = rest === null ? {} : { Connection: 'close' };
      await send(response, problemReply(error, requestId), { ...more, ...close }, isHead, rest);
    }
  }
  // Most replies are sent by now.
  if (response.writableLength > 0) dropWhenStuck(response, stuckTimeoutMs);
}

/** With `Connection: close` on the last answer, no client sends another request into a connection that is closing. */
function letGo(app: App, response: ServerResponse): void {
  if (app.isStopping()) response.shouldKeepAlive = false;
}

async function answer(
  handling: Handling,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  course: Course,
): Promise<Reply> {
  const { path: asked, query } = targetOf(request);
  const path = belowBase(handling.app.basePath, asked) ?? asked;
  const address = checkSender(handling, request, path);
  const method = request.method ?? '';
  const found = handling.router.find(method, path);
  const matched = found instanceof MethodNotAllowed ? null : found;
  const isApi = path.startsWith('/api/');
  if (found === null && !isApi) {
    const file = answerPage(handling, request, asked, path);
    course.route = 'page';
    return file;
  }
  if (matched !== null) {
    course.method = matched.route.method;
    course.route = matched.route.path;
  }
  // A probe is no matter of who asks, nor of the engine that knows the keys.
  const asking = matched?.route === live ? NOBODY : handling.identify(request, address);
  // Who is known is not waited for: see the order of submits in `store/sqlite/transaction/group-commit.ts`. And whether the server is
  // there can be asked while the engine is away that knows the keys.
  const identity = asking instanceof Promise ? await (isApi ? asking : asking.catch(nobody)) : asking;
  checkCaller(handling, request, identity, found);
  if (found instanceof MethodNotAllowed) throw found;
  if (matched === null) throw nothingAt(path, handling.router);
  if (handling.app.readOnly && matched.route.action !== null) throw readOnly();
  const allowance = handling.app.bodies.open();
  try {
    const place = cookiePlace(request, handling.isSecure(request), handling.app.basePath);
    const exchange = { request, response, query, requestId, identity, address, place, allowance };
    return await handleApi(handling.app, matched, exchange);
  } finally {
    allowance.release();
  }
}

const NOBODY = nobody(unauthorized());

/** What can be said against a request before anybody knows whose it is. @returns the address of the client. */
function checkSender(handling: Handling, request: IncomingMessage, path: string): string {
  const host = checkHost(request, handling.allowedHosts);
  const address = handling.proxies.clientAddress(request);
  // The machine's own programs are not counted, unless a proxy of it asks for nobody knows whom.
  if (!isLoopback(address) || isForwarded(request)) handling.rate.take(clientOf(address));
  if (path.startsWith('/api/') || !isSafe(request.method ?? '')) checkOrigin(request, host, handling.publicUrl);
  return address;
}

/** Who may not ask hears nothing of what there is: a path that there is not takes what most of the others do. */
function checkCaller({ app }: Handling, request: IncomingMessage, identity: Identity, found: Found): void {
  if (identity.credential?.kind === 'session' && !isSafe(request.method ?? '')) checkBrowser(request);
  admit(identity, accessOf(app, found));
}

type Found = ReturnType<Router['find']>;

function accessOf({ metrics }: App, found: Found): Access {
  if (found === null) return 'viewer';
  if (found instanceof MethodNotAllowed) return found.access;
  return found.route === getMetrics && metrics?.isOpen === true ? 'anyone' : found.route.access;
}

/**
 * The page, by the path below the base. A proxy that takes the base off may ask for what looks like the base: with
 * `/jobs` as base, `/jobs/nightly` is what it makes of `/jobs/jobs/nightly`.
 */
function answerPage({ app, page, router }: Handling, request: IncomingMessage, asked: string, path: string): Reply {
  const method = request.method ?? '';
  if (isSafe(method) && asked !== '' && asked === app.basePath) return moved(308, '/');
  const file = findPage(page, request, path) ?? findPage(page, request, asked);
  if (file === null) throw nothingAt(path, router);
  if (isSafe(method)) return file;
  throw new MethodNotAllowed(method, path, 'GET, HEAD', 'anyone');
}

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD';

function nothingAt(path: string, router: Router): JobschedError {
  const nearest = router.nearest(path);
  return new JobschedError('not_found', `there is nothing at ${path.slice(0, 200)}`, {
    hint: nearest === null ? '/api/openapi.json lists every path that there is.' : `Did you mean ${nearest}?`,
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: string;
  readonly requestId: string;
  readonly identity: Identity;
  /** Of the client. */
  readonly address: string;
  readonly place: CookiePlace;
  /** Holds the body until the reply is made. */
  readonly allowance: Allowance;
}

async function handleApi(app: App, { route, params }: Matched, exchange: Exchange): Promise<Reply> {
  const { request, response, requestId, address, place, identity } = exchange;
  if (route.query === null && exchange.query !== '') {
    throw new JobschedError('invalid_request', `${route.method} ${route.path} takes no query`, {
      hint: 'Leave out the ? and what stands behind it.',
    });
  }
  const query = route.query === null ? {} : readQuery(route.query, exchange.query);
  const body = await receive(app, route, exchange);
  if (route.body === null && body !== null && !isEmpty(body.value)) throw takesNoBody(route);
  if (route.body?.required === true && body === null) {
    throw new JobschedError('invalid_request', 'the request has no body; it must be JSON', {
      hint: 'Send the JSON with the header Content-Type: application/json.',
    });
  }
  const deeds = new TellsDeeds(route.action);
  const given: ApiRequest = {
    app,
    params,
    query,
    body: body?.value,
    bodyBytes: body?.bytes ?? null,
    headers: request.headers,
    caller: identity.caller,
    credential: identity.credential,
    address,
    cookiePlace: place,
    requestId,
    deeds,
    requireListener: () => requireListener(app, response),
    openStream: (kind) => app.streams.open(kind, holdersOf(identity, address)),
  };
  const record = (): void => {
    for (const entry of deeds.entries()) app.audit.record({ ...actorOf(identity.caller), address, ...entry });
  };
  // Also when it fails: a part of it may have been done by then.
  const reply = await route.handle(given).finally(record);
  if (reply.kind === 'stream' && identity.credential !== null) endWithKey(app, response, identity.credential);
  return reply;
}

/** @throws JobschedError for whom the route is not. */
function admit({ caller, refusal }: Identity, access: Access): void {
  if (access === 'anyone') return;
  if (caller === null) throw refusal ?? unauthorized();
  if (!includesRole(caller.role, access)) throw refusal ?? forbidden(access);
}

function readOnly(): JobschedError {
  return new JobschedError('read_only', 'this server was started with --read-only, and changes nothing');
}

/** What is still being sent when its key is revoked or expires, as followed output is, is broken off. */
function endWithKey({ keys }: App, response: ServerResponse, credential: Credential): void {
  const look = async (): Promise<void> => {
    // An engine that is away revokes nothing.
    const found = await Promise.resolve(keys.find(credential)).catch(() => undefined);
    if (found === null) response.destroy();
  };
  const timer = setInterval(() => void look(), KNOWN_FOR);
  const unsubscribe = keys.onForget(() => void look());
  whenClosed(response, () => {
    clearInterval(timer);
    unsubscribe();
  });
}

/** Whose a stream is: of its key, and of its address. */
function holdersOf({ caller }: Identity, address: string): readonly string[] {
  const keyId = caller?.keyId ?? null;
  return keyId === null ? [clientOf(address)] : [clientOf(address), keyId];
}

function requireListener({ streams }: App, response: ServerResponse): void {
  if (response.destroyed) throw new JobschedError('invalid_request', 'the connection was lost before the reply');
  if (!streams.stopped) return;
  throw new JobschedError('shutting_down', 'the server is stopping, and did a part of it', {
    hint: 'Send the request again when it is back: the rest is done then.',
  });
}

/** A client that asks whether its body is welcome is told so here: after all that could be said against it. */
function receive({ limits }: App, route: Route, exchange: Exchange): ReturnType<typeof readBody> {
  const { request, response, allowance } = exchange;
  if (route.method === 'GET' && hasBody(request)) throw takesNoBody(route);
  const onRead = request.headers.expect === undefined ? undefined : () => response.writeContinue();
  const most = route.body?.bulk === true ? limits.bulkBodyBytes : limits.bodyBytes;
  return readBody(request, most, allowance, onRead);
}

/** `{}` says as much as nothing, and some clients cannot say nothing. */
function isEmpty(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !Array.isArray(body) && Object.keys(body).length === 0;
}

function takesNoBody({ method, path }: Route): JobschedError {
  return new JobschedError('invalid_request', `${method} ${path} takes no body`, { hint: 'Leave it out.' });
}

function findPage(page: Page, { headers }: IncomingMessage, path: string): Reply | null {
  const acceptEncoding = headers['accept-encoding'];
  return page.find(path, {
    acceptEncoding: typeof acceptEncoding === 'string' ? acceptEncoding : '',
    ifNoneMatch: headers['if-none-match'] ?? null,
  });
}

function problemReply(error: unknown, requestId: string): Reply {
  const body = toProblem(error, requestId);
  const allow: Headers = error instanceof MethodNotAllowed ? { Allow: error.allow } : {};
  const seconds = error instanceof TooManyRequests ? error.retryAfter : 1;
  const wait: Headers = body.status === 503 || body.status === 429 ? { 'Retry-After': String(seconds) } : {};
  const ask: Headers = body.status === 401 ? { 'WWW-Authenticate': 'Bearer realm="jobsched"' } : {};
  return {
    kind: 'json',
    status: body.status,
    body,
    headers: { 'Content-Type': 'application/problem+json; charset=utf-8', ...allow, ...wait, ...ask },
  };
}

/** A bug with its stack; what the world did to us as a warning; a client's mistake only for those who debug. */
function report({ app }: Handling, request: IncomingMessage, requestId: string, error: unknown): void {
  // Not the query: somebody may put a key there, although none is read from it.
  const path = request.url?.split('?', 1)[0]?.slice(0, 500);
  const what = { request_id: requestId, method: request.method, path };
  if (!(error instanceof JobschedError)) app.logger.error({ ...what, err: error }, 'a request met a bug');
  else if (toProblem(error, requestId).status >= 500) app.logger.warn({ ...what, err: error }, error.message);
  else app.logger.debug({ ...what, code: error.code }, error.message);
}
