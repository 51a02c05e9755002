/** What a chaos run came to, for people. */
import type { FaultKind } from './fault-plan.ts';
import { VIOLATIONS, type Verdict, type Violation } from './checker.ts';
import type { History } from './history.ts';

export interface Report extends Omit<Verdict, 'lateness' | 'violations'> {
  readonly seed: number;
  readonly jobs: number;
  /** How many came, of each kind that came. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  /** In ms. */
  readonly lateness: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly counts: Readonly<Record<Violation, number>>;
  readonly violations: readonly string[];
}

export function reportOn(seed: number, { jobs, faults }: History, verdict: Verdict): Report {
  const { lateness, violations, ...numbers } = verdict;
  const at = (share: number): number => lateness[Math.ceil(lateness.length * share) - 1] ?? 0;
  const byKind = Map.groupBy(violations, ({ kind }) => kind);
  const byFault = [...Map.groupBy(faults, ({ kind }) => kind)].map(([kind, some]) => [kind, some.length] as const);
  return {
    seed,
    ...numbers,
    jobs: jobs.length,
    faults: Object.fromEntries(byFault.toSorted(([a], [b]) => a.localeCompare(b))),
    lateness: { p50: at(0.5), p99: at(0.99), max: at(1) },
    counts: Object.fromEntries(VIOLATIONS.map((kind) => [kind, byKind.get(kind)?.length ?? 0])) as Report['counts'],
    violations: violations.map(({ kind, what }) => `${kind}: ${what}`),
  };
}

/** As a table, with what is wrong below it. */
export function reportText(report: Report): string {
  const { faults, lateness, counts, violations } = report;
  const rows: (readonly [string, unknown])[] = [
    ['seed', report.seed],
    ['jobs', report.jobs],
    ['slots', report.slots],
    ['once jobs', report.onceJobs],
    ['runs', report.runs],
    ['skipped by policy', report.skipped],
    ['attempts lost to faults', report.lost],
    ['begun without an end', report.incomplete],
    ['duplicates explained', report.duplicatesExplained],
    ...Object.entries(counts),
    ['lateness p50 / p99 / max, ms', `${lateness.p50} / ${lateness.p99} / ${lateness.max}`],
    ['faults', Object.values(faults).reduce((sum, count) => sum + count, 0)],
    ...Object.entries(faults).map(([kind, count]) => [`  ${kind}`, count] as const),
  ];
  const table = rows.map(([name, value]) => `${name.padEnd(30)} ${String(value)}`);
  const verdict = violations.length === 0 ? 'NOTHING WRONG' : `WRONG, ${violations.length} times:`;
  return [...table, verdict, ...violations.slice(0, 100)].join('\n');
}
