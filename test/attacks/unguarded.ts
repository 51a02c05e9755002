/**
 * A server that lacks one of its guards: the red control of a test. What the guard refuses must get through here, or the
 * test would not notice if the guard were gone.
 */
import type { IncomingMessage } from 'node:http';
import { vi } from 'vitest';
import type { Host } from '../../src/http/guard/host.ts';
import type { Api, ApiOptions } from '../support/api.ts';

const GUARDS = {
  host: {
    path: '../../src/http/guard/host.ts',
    without: { checkHost: ({ headers: { host = '' } }: IncomingMessage): Host => ({ header: host, name: host }) },
  },
  origin: { path: '../../src/http/guard/origin.ts', without: { checkOrigin: () => undefined } },
  'media type': { path: '../../src/http/guard/media-type.ts', without: { checkMediaType: () => undefined } },
  target: {
    path: '../../src/http/request/target.ts',
    without: {
      targetOf: ({ url = '' }: IncomingMessage) => {
        const { pathname: path, search } = new URL(url, 'http://localhost');
        return { path, query: search.slice(1) };
      },
    },
  },
  json: {
    path: '../../src/http/request/json.ts',
    without: { readJson: (bytes: Buffer): unknown => JSON.parse(bytes.toString()) },
  },
} as const;

export async function startWithout(guard: keyof typeof GUARDS, options: ApiOptions = {}): Promise<Api> {
  const { path, without } = GUARDS[guard];
  vi.doMock(path, async (original) => ({ ...(await original<object>()), ...without }));
  vi.resetModules();
  const { startApi } = await import('../support/api.ts');
  vi.doUnmock(path);
  vi.resetModules();
  return startApi(options);
}
