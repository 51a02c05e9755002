/** YAML that a terminal may be sent: what holds characters that it would obey stands in quotes, with escapes for them. */
import { Document, visit } from 'yaml';
import { escapeJson } from './escape.ts';

/** Ends with a line feed. */
export function formatYaml(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && escapeJson(node.value) !== node.value) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeJson(document.toString({ lineWidth: 0 }));
}
