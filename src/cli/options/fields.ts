/** `--fields`: some of what a thing has, by the names that `-o json` shows. */
import { UsageError } from '../help/failure.ts';
import { nearest } from '../../config/nearest.ts';

/** `last_run.status` leads into what a field holds. Undefined when there is no such field. */
export function fieldOf(value: unknown, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>((part, key) => (isObject(part) && Object.hasOwn(part, key) ? part[key] : undefined), value);
}

/** The thing with these fields alone, each under the name that it was asked for by. */
export function pickFields(value: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.map((name) => [name, fieldOf(value, name) ?? null]));
}

/** A field as a cell of a table. */
export function fieldText(value: unknown, name: string): string {
  const field = fieldOf(value, name);
  if (field === undefined || field === null) return '';
  return typeof field === 'string' ? field : JSON.stringify(field);
}

/** @throws UsageError for a name whose first part no field has. */
export function checkFields(value: unknown, names: readonly string[]): void {
  if (!isObject(value)) return;
  const known = Object.keys(value);
  for (const name of names) {
    const [first = ''] = name.split('.');
    if (known.includes(first)) continue;
    const guess = nearest(first, known);
    throw new UsageError(
      `there is no field ${name}`,
      guess === null ? `There are: ${known.join(', ')}` : `Did you mean ${guess}? -o json shows them all.`,
    );
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
