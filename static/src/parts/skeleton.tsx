/** Where something will be that takes longer than a moment to come. */
import type { JSX } from 'preact';

export const Skeleton = (): JSX.Element => <div class="skeleton" aria-label="Loading" role="img" />;
