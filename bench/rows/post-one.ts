/** POST /api/jobs, a job each. */
import { rate, times } from '../harness/format.ts';
import type { Row } from '../harness/row.ts';
import { postToOurs, postToPeer } from '../load/post-jobs.ts';

export const row: Row = {
  how:
    '`POST /api/jobs` with one job, to `jobsched serve`, and to a node:http server that does BullMQ’s `add`, and to one ' +
    'that only parses, and to one that does a single EVALSHA, which keeps the job and queues it. 64 connections with one request under way each, from a client on bare sockets; jobs a second, ' +
    'after a second of warm-up.',
  alsoDurable: true,
  sides: {
    ours: postToOurs(1),
    bullmq: postToPeer('add', 1),
    parse: postToPeer('parse', 1),
    script: postToPeer('script', 1),
  },
  lines: (medians) => {
    const [own, add, parse] = [medians('ours', 'rate'), medians('bullmq', 'rate'), medians('parse', 'rate')];
    const script = medians('script', 'rate');
    const what = 'POST /api/jobs, one job each, 64 connections';
    const shared = { what, ours: rate(own) };
    return [
      {
        ...shared,
        goal: '≥ 2.5× POST + BullMQ add',
        reference: `BullMQ ${rate(add)}`,
        ratio: times(own / add),
        reached: own / add >= 2.5,
      },
      {
        ...shared,
        goal: '≥ 0.7× node:http that only parses',
        reference: `node:http ${rate(parse)}`,
        ratio: times(own / parse),
        reached: own / parse >= 0.7,
      },
      {
        ...shared,
        goal: '–',
        reference: `node:http and one EVALSHA ${rate(script)}`,
        ratio: times(own / script),
        reached: null,
      },
    ];
  },
};
