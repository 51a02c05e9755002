/** What went wrong, as a reply: a problem document, with the headers that its status asks for. */
import { MethodNotAllowed } from '../routes/router.ts';
import { TooManyRequests } from '../guard/rate-limit.ts';
import { toProblem } from '../reply/problem.ts';
import type { Headers, Reply } from '../reply/reply.ts';

export function problemReply(error: unknown, requestId: string): Reply {
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
