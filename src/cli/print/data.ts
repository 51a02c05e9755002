/** What programs read: one thing, as `-o` says. */
import type { Format } from '../options/client-options.ts';
import { checkFields, pickFields } from '../options/fields.ts';
import { escapeJson } from '../format/escape.ts';
import { idLine } from './id-line.ts';
import { json } from './json.ts';

export type DataFormat = Exclude<Format, 'table' | 'wide'>;

export function isData(format: Format): format is DataFormat {
  return format !== 'table' && format !== 'wide';
}

/** One thing with its last line feed. The id alone is of a thing that has one: of any other it is all on one line. */
export async function formatData(value: object, format: DataFormat, fields: readonly string[] | null): Promise<string> {
  if (fields !== null && !Array.isArray(value)) checkFields(value, fields);
  const shown = selected(value, fields);
  if (format === 'id' && 'id' in value && typeof value.id === 'string') return idLine({ id: value.id });
  if (format === 'json') return json(shown);
  return format === 'yaml' ? (await import('../format/yaml.ts')).formatYaml(shown) : jsonLine(shown);
}

export function jsonLine(value: unknown): string {
  return `${escapeJson(JSON.stringify(value))}\n`;
}

/** The thing as `--fields` wants it; of a list each of its things. */
export function selected(value: object, fields: readonly string[] | null): object {
  if (fields === null) return value;
  return Array.isArray(value) ? value.map((each: object) => selected(each, fields)) : pickFields(value, fields);
}
