/** A whole run: every row on every engine, and what it says in the end. */
import type { Figures, Line, Medians, Row } from './row.ts';
import { startRedis } from './redis.ts';
import { reportText, type EngineReport } from './report.ts';
import { measureRow, type Measured } from './rounds.ts';
import { median } from './statistics.ts';

/** In the order of the table. Each is a file of rows/. */
const ROWS = [
  'bulk-enqueue',
  'post-one',
  'post-hundred',
  'noop-runs',
  'shell-runs',
  'first-effect',
  'slots-thousand',
  'slots-ten-thousand',
  'dead-worker',
  'page-of-runs',
  'memory',
  'cold-list',
  'idle-worker',
] as const;

export type Engine = 'plain' | 'aof';

export interface RunOptions {
  /** Null: all. */
  readonly rows: readonly string[] | null;
  readonly rounds: number;
  readonly engines: readonly Engine[];
  /** Of the usual work. */
  readonly scale: number;
}

export interface RunResult {
  readonly text: string;
  /** Whether it is what the report is to be made of: everything was measured, in full. */
  readonly complete: boolean;
  readonly failed: boolean;
}

export async function runBenchmarks(options: RunOptions): Promise<RunResult> {
  const began = performance.now();
  const reports: EngineReport[] = [];
  let version = '';
  for (const engine of options.engines) {
    await using redis = await startRedis(engine === 'aof');
    version = redis.version;
    const rows = await measureRows(engine, options, redis);
    reports.push({ engine, rows });
  }
  const failed = reports.some(({ rows }) => rows.some(({ error }) => error !== null));
  const minutes = (performance.now() - began) / 60_000;
  return {
    text: reportText({ reports, redis: version, rounds: options.rounds, minutes }),
    complete: options.rows === null && options.engines.length === 2 && options.scale === 1 && !failed,
    failed,
  };
}

async function measureRows(
  engine: Engine,
  { rows: wanted, rounds, scale }: RunOptions,
  redis: Awaited<ReturnType<typeof startRedis>>,
): Promise<EngineReport['rows']> {
  const unknown = wanted?.find((name) => !ROWS.some((row) => row === name));
  if (unknown !== undefined) throw new Error(`no row ${unknown}; there are ${ROWS.join(', ')}`);
  const reports: EngineReport['rows'][number][] = [];
  for (const name of ROWS.filter((row) => wanted === null || wanted.includes(row))) {
    const { row } = (await import(`../rows/${name}.ts`)) as { row: Row };
    if (engine === 'aof' && row.alsoDurable !== true) continue;
    try {
      const onFigures = (side: string, figures: Figures): void => tell(engine, name, side, figures);
      const measured = await measureRow(name, row, { rounds, scale, redis, onFigures });
      reports.push({ name, row, lines: linesOf(row, measured), measured, error: null });
    } catch (error) {
      console.error(error);
      reports.push({ name, row, lines: [], measured: {}, error: String(error) });
    }
  }
  return reports;
}

function linesOf(row: Row, measured: Measured): readonly Line[] {
  const medians: Medians = (side, value) =>
    median((measured[side] ?? []).map(({ values }) => values[value] ?? Number.NaN));
  return row.lines(medians);
}

/** Progress, for whoever waits. */
function tell(engine: Engine, row: string, side: string, { values, cores = {} }: Figures): void {
  const show = (all: Readonly<Record<string, number>>): string =>
    Object.entries(all)
      .map(([name, value]) => `${name} ${value.toPrecision(4)}`)
      .join(', ');
  console.error(`${engine} ${row} ${side}: ${show(values)}; cores: ${show(cores)}`);
}
