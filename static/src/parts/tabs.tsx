/** Parts of a screen, each with an address of its own: links, since that is what they are. */
import type { JSX } from 'preact';

interface Tab {
  readonly text: string;
  readonly href: string;
  readonly current: boolean;
}

interface Props {
  readonly name: string;
  readonly tabs: readonly Tab[];
}

export const Tabs = ({ name, tabs }: Props): JSX.Element => (
  <nav class="tabs" aria-label={name}>
    {tabs.map(({ text, href, current }) => (
      <a key={text} href={href} aria-current={current ? 'page' : undefined}>
        {text}
      </a>
    ))}
  </nav>
);
