/** What a request asks for. */
import type { IncomingMessage } from 'node:http';
import { JobschedError } from '../../errors.ts';

/**
 * A path and no more: proxies ask for whole URLs, CONNECT for a host, OPTIONS for `*`, and no browser sends what stands
 * behind a `#`. Nobody may ask to upgrade, or for what only later HTTP may define.
 */
export function targetOf(request: IncomingMessage): { readonly path: string; readonly query: string } {
  const url = request.url ?? '';
  if (!url.startsWith('/') || url.includes('#')) {
    throw new JobschedError('invalid_request', 'the request asks for something that is no path', {
      hint: 'Ask for a path, such as /api/jobs; jobsched is no proxy.',
    });
  }
  if (request.headers.upgrade !== undefined) {
    throw new JobschedError('invalid_request', 'jobsched speaks HTTP/1.1 and upgrades to nothing else', {
      field: 'Upgrade',
      hint: 'Leave the header out.',
    });
  }
  const { expect } = request.headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    throw new JobschedError('invalid_request', `jobsched cannot do what is expected: ${expect.slice(0, 100)}`, {
      field: 'Expect',
      hint: 'Leave the header out, or say 100-continue.',
    });
  }
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}
