/** Leaves what is large, the daemons above all, out of a bundle: the other commands start the faster for it. */
import type { Plugin } from 'esbuild';
import { COMMANDS } from '../../src/cli/commands.ts';

export const withoutDaemons: Plugin = {
  name: 'without-daemons',
  setup: (build) => {
    const wanted = new Set(COMMANDS.filter(({ isLarge }) => isLarge).map(({ name }) => `./commands/${name}.ts`));
    const left = new Set(wanted);
    build.onResolve({ filter: /^\.\/commands\// }, ({ path, importer, kind }) => {
      if (kind !== 'dynamic-import' || !importer.endsWith('/src/cli/commands.ts') || !wanted.has(path)) return null;
      left.delete(path);
      return { path, external: true };
    });
    // Else the bundle would have all of it, only larger and slower, and nobody would be told.
    build.onEnd(() => ({ errors: [...left].map((path) => ({ text: `${path} is not where commands.ts imports it` })) }));
  },
};
