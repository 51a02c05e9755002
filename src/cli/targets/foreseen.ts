/** `--dry-run` of what is named: the server is asked whether it would do it. */
import { JobschedError, type BulkJobsOutcome, type BulkRunsOutcome } from '../../client/client.ts';

/** @param steps of a dry run. @throws JobschedError for the first thing that it would refuse. */
export async function requireAllowed(steps: AsyncIterable<BulkJobsOutcome | BulkRunsOutcome>): Promise<void> {
  for await (const { refused } of steps) {
    const [first] = refused;
    if (first === undefined) continue;
    const { code, detail, hint } = first.problem;
    throw new JobschedError(code, detail, { ...(hint != null && { hint }) });
  }
}
