/**
 * jobsched as it may be one version from now, for tests of upgrades: it calls itself {@link NEXT_VERSION} and knows one
 * version more of how data lies in Redis. Nothing else of it is different.
 *
 * This file is loaded into a daemon ahead of the program (`node --import`), and changes two sources as they are read.
 */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

export const NEXT_VERSION = '99.0.0';

/** What a daemon needs in its environment to be of the next version. */
export const NEXT_VERSION_ENV: Readonly<Record<string, string>> = {
  JOBSCHED_TEST_NEXT_VERSION: '1',
  NODE_OPTIONS: `--import=${fileURLToPath(import.meta.url)}`,
};

/** The end of a source's address, what stands in it, and what is to stand there. */
const CHANGES = [
  [
    '/src/store/redis/link/installation.ts',
    /export const SCHEMA = (\d+);/,
    (_: string, now: string) => `export const SCHEMA = ${Number(now) + 1};`,
  ],
  ['/src/version.ts', /export const VERSION: string = .*;/, () => `export const VERSION: string = '${NEXT_VERSION}';`],
] as const;

if (process.env['JOBSCHED_TEST_NEXT_VERSION'] === '1') {
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      const change = CHANGES.find(([path]) => url.endsWith(path));
      if (change === undefined || loaded.source === undefined || loaded.source === null) return loaded;
      const [path, before, after] = change;
      const source = String(
        typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array),
      );
      if (!before.test(source)) throw new Error(`${path} is not as this test knows it`);
      return { ...loaded, source: source.replace(before, after) };
    },
  });
}
