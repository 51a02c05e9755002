/**
 * Bodies are only taken as JSON: a form of another site can send some other types without asking the browser's leave,
 * these it cannot.
 */
import { JobschedError } from '../../errors.ts';

/** The second is what RFC 7396 calls an edit. */
const TYPES: ReadonlySet<string> = new Set(['application/json', 'application/merge-patch+json']);

/** @throws JobschedError `unsupported_media_type`. */
export function checkMediaType(header: string | undefined): void {
  if (header === 'application/json') return;
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';');
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith('charset='));
  const readable = charset === undefined || charset === 'charset=utf-8' || charset === 'charset="utf-8"';
  if (TYPES.has(type.trim()) && readable) return;
  const given = header === undefined ? 'without a Content-Type' : `as ${header.slice(0, 100)}`;
  throw new JobschedError(
    'unsupported_media_type',
    `the body was sent ${given}; it must be application/json in UTF-8`,
    {
      hint: "Send the header 'Content-Type: application/json', or use curl --json.",
    },
  );
}
