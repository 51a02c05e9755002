/**
 * Bodies are only taken as `application/json`: a form of another site can send the other types without asking the
 * browser's leave, this one it cannot.
 */
import { JobschedError } from '../../errors.ts';

/** @throws JobschedError `unsupported_media_type`. */
export function checkMediaType(header: string | undefined): void {
  if (header === 'application/json') return;
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';');
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith('charset='));
  const readable = charset === undefined || charset === 'charset=utf-8' || charset === 'charset="utf-8"';
  if (type.trim() === 'application/json' && readable) return;
  const given = header === undefined ? 'without a Content-Type' : `as ${header.slice(0, 100)}`;
  throw new JobschedError(
    'unsupported_media_type',
    `the body was sent ${given}; it must be application/json in UTF-8`,
    {
      hint: "Send the header 'Content-Type: application/json', or use curl --json.",
    },
  );
}
