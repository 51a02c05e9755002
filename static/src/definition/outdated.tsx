/** Said to whoever edits what somebody else has edited meanwhile. */
import type { JSX } from 'preact';

export const Outdated = ({ onTake }: { readonly onTake: () => void }): JSX.Element => (
  <>
    <span class="quiet">Somebody else has edited it meanwhile.</span>
    <button type="button" onClick={onTake}>
      Take theirs
    </button>
  </>
);
