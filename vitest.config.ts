import { defineConfig } from 'vitest/config';

/**
 * Three groups, one after the other, so that tests with deadlines of their own never wait for the CPU that a property
 * test burns:
 *
 * - fast: functions and the store, in parallel.
 * - processes: real children, sockets and whole daemons, one file at a time.
 * - browser: the page in Chromium, one file at a time.
 */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: [
            'src/**/*.test.ts',
            'static/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
            'test/*.test.ts',
            'test/contract/**/*.test.ts',
          ],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'processes',
          include: ['test/**/*.test.ts'],
          exclude: ['test/*.test.ts', 'test/contract/**', 'test/browser/**'],
          sequence: { groupOrder: 1 },
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          sequence: { groupOrder: 2 },
          fileParallelism: false,
        },
      },
    ],
  },
});
