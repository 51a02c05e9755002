import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { long } from './test/support/long.ts';

/** Of the tests of processes: those that mostly wait, for leases to lapse and Redis to come back. */
const WAITING = [
  'test/chaos/**/*.test.ts',
  'test/e2e/{lost-contact,output,rolling,serve-and-worker,server-faults*,versions,worker-faults}.test.ts',
  'test/integration/redis-{connection,damage,failover*,full,lost-replies,queues,replica,start,versions,waits}.test.ts',
];

/** Of the tests beside the code: those that start processes, put other modules in place, or keep all threads busy. */
const OF_PROCESSES = ['src/log-lines.test.ts', 'src/store/sqlite/**/*.test.ts', 'src/worker/executor/*.test.ts'];

const BROWSER = ['test/browser/**/*.test.ts'];

const ALONE = ['test/e2e/package.test.ts'];

/** Holds every response of a server against the OpenAPI document. */
const EVERY_RESPONSE = ['test/support/every-response.ts'];

/**
 * Five groups, one after the other, so that tests with deadlines of their own never wait for the CPU that a property
 * test burns:
 *
 * - fast: functions, the store and the simulation, in parallel; the files of one worker share their imports, since
 *   loading them anew for each took longer than most tests.
 * - waiting: whole fleets in whatever may befall them, more at once than there are cores.
 * - processes: other real children, sockets and daemons, as many files at once as a small machine has cores.
 * - browser: the page in Chromium, two files at once.
 * - alone: what builds into `dist`.
 */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          isolate: false,
          include: [
            'src/**/*.test.ts',
            'static/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
            'test/*.test.ts',
            'test/contract/**/*.test.ts',
            'test/simulation/**/*.test.ts',
          ],
          exclude: OF_PROCESSES,
          sequence: { groupOrder: 0 },
          // Said, since Vitest would leave one core for itself, and run a group with one worker after all others.
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'waiting',
          setupFiles: EVERY_RESPONSE,
          include: WAITING,
          sequence: { groupOrder: 1 },
          // In full counts, each of them keeps a small machine busy by itself.
          maxWorkers: long ? 1 : 4,
        },
      },
      {
        extends: true,
        test: {
          name: 'processes',
          setupFiles: EVERY_RESPONSE,
          include: ['test/**/*.test.ts', ...OF_PROCESSES],
          exclude: [...WAITING, ...BROWSER, ...ALONE, 'test/*.test.ts', 'test/contract/**', 'test/simulation/**'],
          sequence: { groupOrder: 2 },
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          // A browser shares the machine with the program, and perhaps with others.
          testTimeout: 120_000,
          setupFiles: EVERY_RESPONSE,
          include: BROWSER,
          sequence: { groupOrder: 3 },
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          testTimeout: 120_000,
          setupFiles: EVERY_RESPONSE,
          include: ALONE,
          sequence: { groupOrder: 4 },
          fileParallelism: false,
        },
      },
    ],
  },
});
