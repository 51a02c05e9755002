/** Rounds: each side once, one after the other, then again. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Context, Figures, Row } from './row.ts';
import type { BenchRedis } from './redis.ts';

/** A side that hangs is a bug; the other rows are still wanted. */
const LONGEST_MS = 180_000;
const SIDE = join(import.meta.dirname, 'side.ts');

/** Figures by side, one for each round. */
export type Measured = Readonly<Record<string, readonly Figures[]>>;

export interface RoundOptions {
  readonly rounds: number;
  readonly scale: number;
  readonly redis: BenchRedis;
  readonly onFigures: (side: string, figures: Figures) => void;
}

/** @throws Error when a side fails. */
export async function measureRow(name: string, row: Row, options: RoundOptions): Promise<Measured> {
  const { redis, scale, onFigures } = options;
  const sides = Object.keys(row.sides);
  const measured = Object.fromEntries(sides.map((side): [string, Figures[]] => [side, []]));
  const context: Context = { redis: { port: redis.port, pid: redis.pid, url: redis.url }, scale };
  for (let round = 0; round < (row.once ? 1 : options.rounds); round++) {
    for (const side of sides) {
      await redis.empty();
      const figures = await measureSide(name, side, context);
      measured[side]?.push(figures);
      onFigures(side, figures);
    }
  }
  await redis.empty();
  return measured;
}

async function measureSide(row: string, side: string, context: Context): Promise<Figures> {
  const child = fork(SIDE, [row, side, JSON.stringify(context)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  let figures: Figures | null = null;
  child.on('message', (message) => (figures = message as Figures));
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  if (figures === null) throw new Error(`${row}, ${side}: ended with ${signal ?? code} and told nothing`);
  return figures;
}
