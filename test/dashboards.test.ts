/** Whatever the dashboard and the alert rules ask of Prometheus, /metrics shows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { processMetrics } from '../src/metrics/process.ts';

const doc = (name: string): string => readFileSync(join(import.meta.dirname, '../docs', name), 'utf8');

/** Those of docs/metrics.md, which another test holds to be what is shown: name → labels. */
const OURS = new Map(
  [...doc('metrics.md').matchAll(/^\| `(jobsched_\w+)` \| (\w+) \| (.*?) \|/gmu)].flatMap(
    ([, name = '', type, labels = '']) => {
      const known = [...labels.matchAll(/`(\w+)`/gu)].map(([, label = '']) => label);
      const parts = type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
      return parts.map((part) => [part, type === 'histogram' ? [...known, 'le'] : known] as const);
    },
  ),
);

/** Of Prometheus itself, and those that it adds. */
const ADDED = ['job', 'instance'];

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

interface Dashboard {
  readonly title: string;
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly annotations: { readonly summary: string };
    }[];
  }[];
}

const dashboard = JSON.parse(doc('grafana-dashboard.json')) as Dashboard;
const { groups } = parse(doc('prometheus-alerts.yaml')) as Rules;
const rules = groups.flatMap((group) => group.rules);

/** Metrics and what is asked of their labels. */
function asked(expression: string): { readonly name: string; readonly labels: string[] }[] {
  return [...expression.matchAll(/\b((?:jobsched|nodejs|process)_\w+)(?:\{([^}]*)\})?/gu)].map(
    ([, name = '', labels = '']) => ({
      name,
      labels: [...labels.matchAll(/(\w+)\s*[=!]~?/gu)].map(([, label = '']) => label),
    }),
  );
}

async function expectShown(expression: string): Promise<void> {
  const ofProcess = new Set((await processMetrics().getMetricsAsJSON()).map(({ name }) => name));
  for (const { name, labels } of asked(expression)) {
    const known = OURS.get(name);
    expect(known !== undefined || ofProcess.has(name), `${name} in ${expression}`).toBe(true);
    for (const label of labels) expect([...(known ?? []), ...ADDED], `${name} in ${expression}`).toContain(label);
  }
}

describe('the dashboard', () => {
  const graphs = dashboard.panels.filter(({ type }) => type !== 'row');

  test.each(graphs)('$title asks for what there is', async ({ targets = [] }) => {
    expect(targets.length).toBeGreaterThan(0);
    for (const { expr } of targets) await expectShown(expr);
  });

  test('shows each metric of ours', () => {
    const all = JSON.stringify(dashboard);
    const names = [...OURS.keys()].filter((name) => !/_(?:sum|count)$/u.test(name));
    expect(names.filter((name) => !all.includes(name))).toEqual([]);
  });

  test('can be imported: it says which data it is of, and no panel lies on another', () => {
    expect(dashboard).toMatchObject({ title: 'jobsched', uid: 'jobsched' });
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'job']);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe('the alert rules', () => {
  test.each(rules)(
    '$alert asks for what there is, and is in the documentation',
    async ({ alert, expr, annotations }) => {
      await expectShown(expr);
      expect(doc('metrics.md')).toContain(`| \`${alert}\` | \`${expr}\``);
      expect(annotations.summary).toMatch(/\.$/);
    },
  );
});
