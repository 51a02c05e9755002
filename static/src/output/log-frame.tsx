/** The lines themselves, and what lies over them. */
import type { JSX } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { plural } from '../format/size.ts';
import { Icon } from '../parts/icon.tsx';
import { wrap } from './log-options.tsx';
import type { Output } from './use-output.ts';

interface Props {
  readonly output: Output;
  readonly running: boolean;
  /** Called when the number of a line is clicked. */
  readonly onLine: (line: number, extend: boolean) => void;
}

export function LogFrame({ output, running, onLine }: Props): JSX.Element {
  const { scroller, store, view } = output;
  useLayoutEffect(() => view.value?.update(), [wrap.value]);
  const { total, counted, ended } = store.extent.value;
  const following = view.value?.following.value ?? true;
  const unseen = view.value?.unseen.value ?? 0;
  const onClick = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest('a.log-number') : null;
    if (link === null || event.ctrlKey || event.metaKey || event.button !== 0) return;
    event.preventDefault();
    onLine(Number(link.textContent), event.shiftKey);
  };
  // The browser would go to where the end is now, which moves when what is there gets drawn.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'End') view.value?.toEnd();
    else if (event.key === 'Home') view.value?.toLine(1);
    else return;
    event.preventDefault();
  };
  return (
    <div class="log-frame">
      <div
        ref={scroller}
        class={wrap.value === 'on' ? 'log wrap' : 'log'}
        style={{ '--digits': `${Math.max(3, `${total}`.length)}` }}
        tabIndex={0}
        role="region"
        aria-label="Output lines"
        onClick={onClick}
        onKeyDown={onKeyDown}
      />
      {total === 0 && counted && (
        <p class="log-empty quiet">{ended ? 'It wrote nothing.' : 'Nothing has been written yet.'}</p>
      )}
      {!following && (running || unseen > 0) && (
        <button type="button" class="to-end" title="Follow (f)" onClick={() => view.value?.toEnd()}>
          <Icon name="down" />
          {unseen > 0 ? plural(unseen, 'new line') : 'Follow'}
        </button>
      )}
    </div>
  );
}
