/** What `-o id` prints of one thing. */
import { escapeLine } from '../format/escape.ts';

/** With its line feed. An id is harmless unless the server is not what it seems. */
export function idLine({ id }: { readonly id: string }): string {
  return `${escapeLine(id)}\n`;
}
