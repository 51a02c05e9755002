/** What a run says: docs/benchmarks.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMachine, describeVersions } from './machine.ts';
import type { Line, Row } from './row.ts';
import type { Measured } from './rounds.ts';
import { median } from './statistics.ts';
import { lineTable, table } from './table.ts';

export interface RowReport {
  readonly name: string;
  readonly row: Row;
  readonly lines: readonly Line[];
  readonly measured: Measured;
  /** Why there are no lines. */
  readonly error: string | null;
}

export interface EngineReport {
  readonly engine: 'plain' | 'aof';
  readonly rows: readonly RowReport[];
}

export interface Report {
  readonly reports: readonly EngineReport[];
  /** Its version. */
  readonly redis: string;
  readonly rounds: number;
  readonly minutes: number;
}

const TITLES = {
  plain: 'Redis without persistence',
  aof: 'Redis with an append-only file, synced every second',
} as const;

const FILE = join(import.meta.dirname, '../../docs/benchmarks.md');

export function writeReport(text: string): void {
  writeFileSync(FILE, text);
}

export function reportText({ reports, redis, rounds, minutes }: Report): string {
  return [
    '# Benchmarks',
    `Measured by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, in ${minutes.toFixed(0)} minutes: ` +
      `${describeMachine()}. ${describeVersions(redis)}. This file is that command’s output.`,
    'Everything runs on this one machine: Redis, what is measured, and its clients. The speed of a machine differs by the ' +
      'hour, so look at the ratios: whoever is compared was measured in turn (A B A B …), on an empty Redis and in fresh ' +
      `processes each time. Numbers are medians of the rounds (${rounds}), where nothing else is said.`,
    ...reports.flatMap((report) => [`## ${TITLES[report.engine]}`, ...engineText(report)]),
    '## How each row is measured',
    ...explanations(reports),
    '',
  ].join('\n\n');
}

function engineText({ rows }: EngineReport): string[] {
  const failures = rows.flatMap(({ name, error }) => (error === null ? [] : [`${name} was not measured: ${error}`]));
  return [
    lineTable(rows.flatMap(({ lines }) => lines)),
    ...failures,
    'What the processes used meanwhile, in cores:',
    coreTable(rows),
  ];
}

function coreTable(rows: readonly RowReport[]): string {
  const all = rows.flatMap(({ name, measured }) =>
    Object.entries(measured).flatMap(([side, figures]) => {
      const used = Object.keys(figures[0]?.cores ?? {}).map((process) => {
        const cores = median(figures.map(({ cores = {} }) => cores[process] ?? Number.NaN));
        return `${process} ${cores.toFixed(cores < 0.1 ? 3 : 2)}`;
      });
      return used.length === 0 ? [] : [[name, side, used.join(', ')]];
    }),
  );
  return table(['row', 'side', 'cores'], all);
}

function explanations(reports: readonly EngineReport[]): string[] {
  const rows = new Map(reports.flatMap((report) => report.rows.map(({ name, row }) => [name, row.how] as const)));
  return [...rows].map(([name, how]) => `**${name}**: ${how}`);
}
