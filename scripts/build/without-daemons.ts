/** Leaves what is large, the daemons above all, out of a bundle: the other commands start the faster for it. */
import type { Plugin } from 'esbuild';
import { COMMANDS } from '../../src/cli/commands.ts';

export const withoutDaemons: Plugin = {
  name: 'without-daemons',
  setup: (build) => {
    const files = new Set(COMMANDS.filter(({ isLarge }) => isLarge).map(({ name }) => `./${name}.ts`));
    build.onResolve({ filter: /^\.\/[a-z-]+\.ts$/ }, ({ path, importer, kind }) =>
      kind === 'dynamic-import' && importer.endsWith('/src/cli/commands.ts') && files.has(path)
        ? { path, external: true }
        : null,
    );
  },
};
