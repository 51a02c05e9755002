/** What of the product is simulated: the real thing, or a mutant of it (see `mutants.ts`). */
import type * as errors from '../../src/errors.ts';
import type * as scheduler from '../../src/scheduler/scheduler.ts';
import type * as open from '../../src/store/open.ts';
import type * as worker from '../../src/worker/worker.ts';

export type Product = Pick<typeof open, 'openStore' | 'redisAddress'> &
  Pick<typeof scheduler, 'Scheduler'> &
  Pick<typeof worker, 'createWorker'> &
  Pick<typeof errors, 'JobschedError'>;

/** @param query goes to every module of the product, so that each query gets a product of its own. */
export async function loadProduct(query = ''): Promise<Product> {
  const [{ openStore, redisAddress }, { Scheduler }, { createWorker }, { JobschedError }] = await Promise.all([
    import(`../../src/store/open.ts${query}`) as Promise<typeof open>,
    import(`../../src/scheduler/scheduler.ts${query}`) as Promise<typeof scheduler>,
    import(`../../src/worker/worker.ts${query}`) as Promise<typeof worker>,
    import(`../../src/errors.ts${query}`) as Promise<typeof errors>,
  ]);
  return { openStore, redisAddress, Scheduler, createWorker, JobschedError };
}
