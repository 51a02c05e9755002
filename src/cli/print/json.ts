import { escapeJson } from '../format/escape.ts';

/** What `-o json` prints: the API's own objects, indented, with a last line feed. They only ever gain fields. */
export function json(value: unknown): string {
  return `${escapeJson(JSON.stringify(value, null, 2))}\n`;
}
