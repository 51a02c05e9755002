/** What an execution came to, from its cause and how its leader exited. */
import type { Outcome } from '../../domain/run.ts';
import type { StopCause } from './executor.ts';

/** `own`: it ended by itself. The first cause wins. */
export type EndCause = { readonly kind: 'own' } | { readonly kind: 'timeout' } | StopCause;

/** As Node reports it: exactly one of the two is not null. */
export interface Exit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export function outcomeOf(cause: EndCause, exit: Exit): Outcome {
  switch (cause.kind) {
    case 'own':
      return ownOutcome(exit);
    case 'timeout':
      return { status: 'failed', reason: 'timeout', ...exit };
    case 'cancelled':
      return { status: 'cancelled', ...exit };
    case 'lost':
      return { status: 'failed', reason: 'lost', detail: cause.detail, ...exit };
  }
}

function ownOutcome({ exitCode, signal }: Exit): Outcome {
  if (signal !== null) return { status: 'failed', reason: 'signal', signal };
  return exitCode === 0 ? { status: 'succeeded' } : { status: 'failed', reason: 'exit', exitCode: exitCode ?? -1 };
}
