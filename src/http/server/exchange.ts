/** One request to a route of the API: what it says is read, its handler called, what it did is recorded. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { JobschedError } from '../../errors.ts';
import type { App } from '../app.ts';
import { actorOf } from '../audit/actor.ts';
import { TellsDeeds } from '../audit/deeds.ts';
import type { Identity } from '../guard/identify.ts';
import { clientOf } from '../guard/rate-limit.ts';
import type { Sender } from '../guard/sender.ts';
import { KNOWN_FOR, type Credential } from '../keys/known-keys.ts';
import { whenClosed } from '../reply/closed.ts';
import type { Reply } from '../reply/reply.ts';
import type { Allowance } from '../request/body-budget.ts';
import { hasBody, readBody } from '../request/body.ts';
import { readQuery } from '../request/query.ts';
import type { ApiRequest, Route } from '../routes/route.ts';
import type { Matched } from '../routes/router.ts';

/** A request that may be answered, by whom it is. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: string;
  readonly requestId: string;
  readonly identity: Identity;
  readonly sender: Sender;
  /** Holds the body until the reply is made. */
  readonly allowance: Allowance;
}

/** @throws JobschedError for what is wrong with the request, and whatever the route's handler throws. */
export async function handleApi(app: App, { route, params }: Matched, exchange: Exchange): Promise<Reply> {
  const { request, response, requestId, identity } = exchange;
  const { address, cookiePlace } = exchange.sender;
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
    cookiePlace,
    requestId,
    deeds,
    requireListener: () => requireListener(app, response),
    openStream: (kind) => app.streams.open(kind, holdersOf(identity, address)),
  };
  try {
    const reply = await route.handle(given);
    if (reply.kind === 'stream' && identity.credential !== null) endWithKey(app, response, identity.credential);
    return reply;
  } finally {
    // Also when it fails: a part of it may have been done by then.
    for (const entry of deeds.entries()) app.audit.record({ ...actorOf(identity.caller), address, ...entry });
  }
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
