/** How long `jobsched list` takes, from nothing. */
import { spawnSync } from 'node:child_process';
import { ms, times } from '../harness/format.ts';
import { buildSingleBinary, SINGLE_BINARY } from '../harness/packages.ts';
import type { Context, Figures, Row } from '../harness/row.ts';
import { median } from '../harness/statistics.ts';
import { fill, onceJob, openBenchStore } from '../ours/store.ts';
import { startServe } from '../ours/program.ts';

const JOBS = 20;
const SAMPLES = 15;

export const row: Row = {
  how:
    `\`jobsched list\` of ${JOBS} jobs by the single binary, and \`node -e 0\`, in turn, ${SAMPLES} times each, from the start of ` +
    'the process to its end. Median.',
  sides: { both },
  lines: (medians) => {
    const [own, node] = [medians('both', 'list'), medians('both', 'node')];
    return [
      {
        what: 'jobsched list cold, single binary',
        goal: '≤ 2.6× node -e 0',
        reference: `node -e 0: ${ms(node)}`,
        ours: ms(own),
        ratio: times(own / node),
        reached: own / node <= 2.6,
      },
    ];
  },
};

async function both({ redis }: Context): Promise<Figures> {
  buildSingleBinary();
  const store = await openBenchStore(redis.url);
  await fill(store, JOBS, () => onceJob('true'));
  await using server = await startServe(redis.url);
  const list: number[] = [];
  const node: number[] = [];
  for (let sample = 0; sample < SAMPLES + 1; sample++) {
    list.push(time(SINGLE_BINARY, ['list', '--server', `http://127.0.0.1:${server.port}`]));
    node.push(time(process.execPath, ['-e', '0']));
  }
  // The first of each reads its file from the disk.
  return { values: { list: median(list.slice(1)), node: median(node.slice(1)) } };
}

function time(program: string, args: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  const took = performance.now() - began;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`);
  return took;
}
