/** Headers of our own in responses, each described once. Those that every HTTP server sends are not listed. */
export const HEADERS = {
  'Accept-Ranges': {
    description: 'Present where parts can be asked for with `Range`.',
    schema: { type: 'string', const: 'bytes' },
  },
  Allow: {
    description: 'The methods that the path takes.',
    schema: { type: 'string', examples: ['GET, HEAD, POST'] },
  },
  'Content-Range': {
    description: 'Which bytes these are, and of how many; of a range that is not there, only how many.',
    schema: { type: 'string', pattern: '^bytes ([0-9]+-[0-9]+|\\*)/[0-9]+$', examples: ['bytes 0-999/4711'] },
  },
  ETag: {
    description: "The job's version in quotes, for `If-Match`; of output, what it is as a whole, for `If-Range`.",
    schema: { type: 'string', pattern: '^"[!#-~]+"$', examples: ['"3"'] },
  },
  'Idempotency-Replayed': {
    description: 'Present when the same request, with the same key, had done it before.',
    schema: { type: 'string', const: 'true' },
  },
  Location: {
    description: 'The path of what was made.',
    schema: { type: 'string', pattern: '^/', examples: ['/api/jobs/0199a6c2-7c1e-4b52-9d53-2f6b1f1f3a10'] },
  },
  'Retry-After': {
    description: 'How many seconds to wait before the request is sent again.',
    schema: { type: 'string', pattern: '^[1-9][0-9]*$', examples: ['1'] },
  },
  'Set-Cookie': {
    description: "The session's cookie: `HttpOnly`, `SameSite=Strict`, and over TLS `Secure`.",
    schema: { type: 'string', pattern: '^(__Host-|__Secure-)?jobsched(-\\d+)?=' },
  },
  'WWW-Authenticate': {
    description: 'How to show who asks.',
    schema: { type: 'string', const: 'Bearer realm="jobsched"' },
  },
  'X-Accel-Buffering': {
    description: 'Tells nginx to pass on each piece as it comes.',
    schema: { type: 'string', const: 'no' },
  },
  'X-Request-Id': {
    description: "Names the request in the server's log, and in a problem's `request_id`.",
    schema: { type: 'string', format: 'uuid' },
  },
} as const;

export type HeaderName = keyof typeof HEADERS;

/** Headers of a response, as references. */
export function headersOf(names: readonly HeaderName[]): Readonly<Record<string, { readonly $ref: string }>> {
  const all = new Set<HeaderName>([...names, 'X-Request-Id']);
  return Object.fromEntries([...all].map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
