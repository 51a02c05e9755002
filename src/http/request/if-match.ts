/** `If-Match`: do it only if the job is still at the version that the client has seen. */

/** @param header null: no condition. Tags that are no versions of ours match nothing, weak ones neither (RFC 9110). */
export function matches(header: string | null, version: number): boolean {
  if (header === null || header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim() === `"${version}"`);
}
