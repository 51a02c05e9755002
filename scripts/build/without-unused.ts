/**
 * Leaves modules of Node's out of a bundle that packages load at once, and that nobody here uses. Each costs every start
 * of the command line: `node:http2` 20 ms, a sixth of a whole `jobsched list`.
 */
import type { Plugin } from 'esbuild';

interface Unused {
  readonly module: RegExp;
  /** Files that load it, by their path: others get the real one. */
  readonly by: RegExp;
  /** What the package makes do with as long as it is not used. */
  readonly contents: string;
}

const UNUSED: readonly Unused[] = [
  // undici's client has it for servers that speak HTTP/2; ours does not (`allowH2` in src/client/connection.ts). These
  // are what undici itself makes do with on a Node that is built without it.
  { module: /^node:http2$/, by: /./, contents: 'exports.constants = {};' },
  // commander has it for commands that are programs of their own; ours are not.
  { module: /^node:child_process$/, by: /[/\\]commander[/\\]/, contents: 'module.exports = {};' },
];

export const withoutUnused: Plugin = {
  name: 'without-unused',
  setup: (build) => {
    for (const [index, { module, by, contents }] of UNUSED.entries()) {
      const namespace = `unused-${index}`;
      build.onResolve({ filter: module }, ({ path, importer }) => (by.test(importer) ? { path, namespace } : null));
      build.onLoad({ filter: /./, namespace }, () => ({ contents }));
    }
  },
};
