/**
 * In which order test files begin: one that takes half a minute and begins last lets the other workers wait for it.
 * Vitest knows how long a file took before, but in a fresh clone it goes by the file's size, which tells nothing of this.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes 20 s and more. A name that is missing here costs time, and nothing else. */
const LONGEST = [
  'test/browser/appearance.test.ts',
  'test/integration/redis-lost-replies.test.ts',
  'test/e2e/rolling.test.ts',
  'test/chaos/chaos.test.ts',
  'test/browser/tasks.test.ts',
  'test/e2e/output.test.ts',
  'test/e2e/lost-contact.test.ts',
  'test/e2e/standalone.test.ts',
  'test/e2e/worker-faults.test.ts',
  'test/e2e/server-faults-redis.test.ts',
  'test/chaos/kill.test.ts',
  'test/browser/run.test.ts',
  'test/browser/journey.test.ts',
  'test/browser/list.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- not an array's
    const rest = await super.sort(files);
    const longest = LONGEST.flatMap((path) => rest.filter(({ moduleId }) => moduleId.endsWith(`/${path}`)));
    return [...longest, ...rest.filter((file) => !longest.includes(file))];
  }
}
