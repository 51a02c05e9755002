/** POST /api/jobs, 100 jobs a request. */
import { rate, times } from '../harness/format.ts';
import type { Row } from '../harness/row.ts';
import { postToOurs, postToPeer } from '../load/post-jobs.ts';

const JOBS = 100;

export const row: Row = {
  how:
    `As before with ${JOBS} jobs a request. The peer’s server does \`add\` for each of them (the goal is held against ` +
    'that), or one `addBulk` for all.',
  alsoDurable: true,
  sides: { ours: postToOurs(JOBS), bullmq: postToPeer('add', JOBS), bulk: postToPeer('bulk', JOBS) },
  lines: (medians) => {
    const [own, add, bulk] = [medians('ours', 'rate'), medians('bullmq', 'rate'), medians('bulk', 'rate')];
    const shared = { what: `the same, ${JOBS} jobs a request`, ours: rate(own) };
    return [
      {
        ...shared,
        goal: '≥ 10× POST + BullMQ add',
        reference: `BullMQ add ${rate(add)}`,
        ratio: times(own / add),
        reached: own / add >= 10,
      },
      {
        ...shared,
        goal: '–',
        reference: `BullMQ addBulk ${rate(bulk)}`,
        ratio: times(own / bulk),
        reached: null,
      },
    ];
  },
};
