/**
 * A plain node:http server that takes jobs: `http-process.ts <redis port> <how>`. Prints its port.
 *
 * - `parse`: parses and answers, nothing else.
 * - `add`: BullMQ's `add` for each job.
 * - `bulk`: BullMQ's `addBulk` for the jobs of a request.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bullQueue, type Command } from './bullmq.ts';

type Body = Command | { readonly jobs: readonly Command[] };
type Take = (jobs: readonly Command[]) => Promise<readonly (string | undefined)[]>;

const [, , redisPort, how = 'parse'] = process.argv;
const takeBy: Record<string, () => Take> = {
  parse: () => async (jobs) => jobs.map(() => 'id'),
  add: () => {
    const queue = bullQueue(Number(redisPort));
    return (jobs) => Promise.all(jobs.map(async (job) => (await queue.add('job', job)).id));
  },
  bulk: () => {
    const queue = bullQueue(Number(redisPort));
    return async (jobs) => (await queue.addBulk(jobs.map((data) => ({ name: 'job', data })))).map(({ id }) => id);
  },
};
const take = takeBy[how]?.();
if (take === undefined) throw new Error(`no such way: ${how}`);

const server = createServer(async (request, response) => {
  const body = JSON.parse(await textOf(request)) as Body;
  const jobs = 'jobs' in body ? body.jobs : [body];
  const ids = await take(jobs);
  const answer = JSON.stringify(jobs.map(({ command }, index) => ({ id: ids[index], command, status: 'pending' })));
  response.writeHead(201, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
  response.end(answer);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));

function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (text += chunk));
    request.on('end', () => resolve(text));
    request.on('error', reject);
  });
}
