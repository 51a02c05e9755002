/** A plan in words: a line for each job, and in a diff one for each field. */
import type { Change, Step } from './plan.ts';
import { escapeLine } from '../format/escape.ts';
import type { Paint } from '../print/paint.ts';

const LONGEST_VALUE = 40;

export function planLines(steps: readonly Step[], paint: Paint): readonly string[] {
  const same = steps.filter(({ action }) => action === 'same').length;
  const lines = steps.flatMap((step) => planLine(step, paint));
  return same === 0 ? lines : [...lines, paint.quiet(`= ${same} unchanged`)];
}

function planLine(step: Step, paint: Paint): readonly string[] {
  const name = escapeLine(step.name);
  switch (step.action) {
    case 'create':
      return [paint.good(`+ ${name}`)];
    case 'update':
      return [paint.waiting(`~ ${name} (${step.changes.map(changeWords).join(', ')})`)];
    case 'delete':
      return [paint.bad(`- ${name}`)];
    case 'refuse':
      return [paint.bad(`! ${name} ${escapeLine(step.why)}`)];
    case 'same':
      return [];
  }
}

/** Every field, whole, as lines that go and lines that come. */
export function diffLines(steps: readonly Step[], paint: Paint): readonly string[] {
  return steps.flatMap((step): readonly string[] => {
    if (step.action !== 'update') return planLine(step, paint);
    const fields = step.changes.flatMap(({ field, from, to }) => [
      paint.bad(`  - ${field}: ${valueWords(from)}`),
      paint.good(`  + ${field}: ${valueWords(to)}`),
    ]);
    return [paint.waiting(`~ ${escapeLine(step.name)}`), ...fields];
  });
}

function changeWords({ field, from, to }: Change): string {
  return `${field} ${short(from)} → ${short(to)}`;
}

function short(value: unknown): string {
  const text = valueWords(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

const valueWords = (value: unknown): string =>
  escapeLine(typeof value === 'string' && value !== '' ? value : (JSON.stringify(value) ?? 'nothing'));

/** `2 created, 1 changed`. What stays as it is, the plan has told. */
export function outcomeWords(steps: readonly Step[], refused: ReadonlySet<string>): string {
  const done = steps.filter(({ name }) => !refused.has(name));
  const count = (action: Step['action']): number => done.filter((step) => step.action === action).length;
  const parts: readonly (readonly [number, string])[] = [
    [count('create'), 'created'],
    [count('update'), 'changed'],
    [count('delete'), 'deleted'],
    [refused.size, 'refused'],
  ];
  const told = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return told.length === 0 ? 'nothing to do' : told.join(', ');
}
