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
import { forbidden, unauthorized } from '../guard/caller.ts';
import { isForwarded } from '../guard/forwarded.ts';
import { checkHost } from '../guard/host.ts';
import { nobody, type Identify, type Identity } from '../guard/identify.ts';
import type { Sender } from '../guard/sender.ts';
import { cookiePlace } from '../guard/session-cookie.ts';
import { checkBrowser, checkOrigin } from '../guard/origin.ts';
import type { Proxies } from '../guard/proxies.ts';
import { clientOf, isLoopback, type RateLimit } from '../guard/rate-limit.ts';
import { belowBase } from './base-path.ts';
import { handleApi } from './exchange.ts';
import { restOf } from './linger.ts';
import type { TransportSecurity } from './transport-security.ts';
import type { Page } from '../page/page.ts';
import { toProblem } from '../reply/problem.ts';
import { problemReply } from './problem-reply.ts';
import { targetOf } from '../request/target.ts';
import { dropWhenStuck } from './stuck.ts';
import { holdReply } from '../reply/hold.ts';
import { located, moved, send, type Headers, type Reply } from '../reply/reply.ts';
import type { Access } from '../routes/route.ts';
import { getMetrics, live } from '../routes/system.ts';
import { MethodNotAllowed, type Router } from '../routes/router.ts';

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
  const sender = checkSender(handling, request, path);
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
  const asking = matched?.route === live ? NOBODY : handling.identify(request, sender);
  // Who is known is not waited for: see the order of submits in `store/sqlite/transaction/group-commit.ts`. And whether
  // the server is there can be asked while the engine is away that knows the keys.
  const identity = asking instanceof Promise ? await (isApi ? asking : asking.catch(nobody)) : asking;
  checkCaller(handling, request, identity, found);
  if (found instanceof MethodNotAllowed) throw found;
  if (matched === null) throw nothingAt(path, handling.router);
  if (handling.app.readOnly && matched.route.action !== null) throw readOnly();
  const allowance = handling.app.bodies.open();
  try {
    const exchange = { request, response, query, requestId, identity, sender, allowance };
    return await handleApi(handling.app, matched, exchange);
  } finally {
    allowance.release();
  }
}

const NOBODY = nobody(unauthorized());

/** What can be said against a request before anybody knows whose it is. */
function checkSender(handling: Handling, request: IncomingMessage, path: string): Sender {
  const host = checkHost(request, handling.allowedHosts);
  const sender: Sender = {
    address: handling.proxies.clientAddress(request),
    isForwarded: isForwarded(request),
    host,
    cookiePlace: () => cookiePlace(host.header, handling.isSecure(request), handling.app.basePath),
  };
  // The machine's own programs are not counted, unless a proxy of it asks for nobody knows whom.
  if (!isLoopback(sender.address) || sender.isForwarded) handling.rate.take(clientOf(sender.address));
  if (path.startsWith('/api/') || !isSafe(request.method ?? '')) checkOrigin(request, host.header, handling.publicUrl);
  return sender;
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

/** @throws JobschedError for whom the route is not. */
function admit({ caller, refusal }: Identity, access: Access): void {
  if (access === 'anyone') return;
  if (caller === null) throw refusal ?? unauthorized();
  if (!includesRole(caller.role, access)) throw refusal ?? forbidden(access);
}

function readOnly(): JobschedError {
  return new JobschedError('read_only', 'this server was started with --read-only, and changes nothing');
}

function findPage(page: Page, { headers }: IncomingMessage, path: string): Reply | null {
  const acceptEncoding = headers['accept-encoding'];
  return page.find(path, {
    acceptEncoding: typeof acceptEncoding === 'string' ? acceptEncoding : '',
    ifNoneMatch: headers['if-none-match'] ?? null,
  });
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
