/** The heading of a page, and the title of its tab. Focused after a change of page, so that one reads on from here. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';

interface Props {
  readonly title: string;
  /** Shown instead of the title. */
  readonly children?: ComponentChildren;
  readonly unseen?: boolean;
}

export function PageTitle({ title, children, unseen = false }: Props): JSX.Element {
  useEffect(() => {
    document.title = `${title} · jobsched`;
  }, [title]);
  return (
    <h1 tabIndex={-1} class={unseen ? 'unseen' : ''}>
      {children ?? title}
    </h1>
  );
}
