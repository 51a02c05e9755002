/** One action on many, a request at a time until none is left. */
import { keyed } from './keyed.ts';
import type { Transport } from './transport.ts';

interface Step {
  readonly next_cursor: string | null;
}

/** What each request came to, in turn. Whoever leaves the loop leaves the rest as it is. */
export async function* bulkSteps<Outcome extends Step>(
  transport: Transport,
  path: string,
  body: { readonly cursor?: string | undefined },
): AsyncGenerator<Outcome> {
  let next = body;
  for (;;) {
    const outcome: Outcome = await transport.json<Outcome>({ method: 'POST', path, body: next, ...keyed() });
    yield outcome;
    if (outcome.next_cursor === null) return;
    next = { ...body, cursor: outcome.next_cursor };
  }
}
