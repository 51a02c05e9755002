/** What went wrong, why, and what to do: the server's own words. */
import type { ComponentChildren, JSX } from 'preact';
import type { ApiError } from '../api/request.ts';
import { Icon } from './icon.tsx';

interface Props {
  readonly error: Pick<ApiError, 'message' | 'hint'>;
  /** A way out: a button or a link. */
  readonly children?: ComponentChildren;
}

export function Problem({ error, children }: Props): JSX.Element {
  return (
    <div class="problem" role="alert">
      <Icon name="warning" />
      <div>
        <p>{error.message}</p>
        {error.hint !== null && <p class="quiet">{error.hint}</p>}
        {children}
      </div>
    </div>
  );
}
