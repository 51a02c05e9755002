/**
 * Leaves `node:http2` out of a bundle. undici's client loads it at once, for servers that speak HTTP/2; ours does not
 * (`allowH2` in src/client/connection.ts). Loading it takes 20 ms, a sixth of a whole `jobsched list`.
 */
import type { Plugin } from 'esbuild';

export const withoutHttp2: Plugin = {
  name: 'without-http2',
  setup: (build) => {
    build.onResolve({ filter: /^node:http2$/ }, ({ path }) => ({ path, namespace: 'without-http2' }));
    // What undici itself makes do with on a Node that is built without it.
    build.onLoad({ filter: /.*/, namespace: 'without-http2' }, () => ({ contents: 'exports.constants = {};' }));
  },
};
