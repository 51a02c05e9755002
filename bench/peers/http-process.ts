/**
 * A plain node:http server that takes jobs: `http-process.ts <redis port> <how>`. Prints its port.
 *
 * - `parse`: parses and answers, nothing else.
 * - `script`: one EVALSHA a request, which keeps the job and puts it into a queue: the least that can be done on Redis.
 * - `add`: BullMQ's `add` for each job.
 * - `bulk`: BullMQ's `addBulk` for the jobs of a request.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis, type ClientContext, type Result } from 'ioredis';
import { bullQueue, type Command } from './bullmq.ts';

type Body = Command | { readonly jobs: readonly Command[] };
type Take = (jobs: readonly Command[]) => Promise<readonly (string | undefined)[]>;

const KEEP = `local id = redis.call('INCR', '{bare}:id')
redis.call('HSET', KEYS[1], id, ARGV[1])
redis.call('ZADD', KEYS[2], id, id)
return tostring(id)`;

declare module 'ioredis' {
  interface RedisCommander<Context extends ClientContext = { type: 'default' }> {
    keep(jobs: string, queue: string, command: string): Result<string, Context>;
  }
}

const [, , redisPort, how = 'parse'] = process.argv;
const takeBy: Record<string, () => Take> = {
  parse: () => async (jobs) => jobs.map(() => 'id'),
  script: () => {
    const redis = new Redis(Number(redisPort));
    redis.defineCommand('keep', { numberOfKeys: 2, lua: KEEP });
    return (jobs) => Promise.all(jobs.map((job) => redis.keep('{bare}:jobs', '{bare}:queue', job.command)));
  },
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
