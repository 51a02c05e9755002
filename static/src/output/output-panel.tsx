/** The output of one attempt: live, and what one needs to find one's way in it. */
import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import type { AttemptView } from '../../../src/http/schema/run-view.ts';
import { outputHref, type LinesOf } from '../api/runs.ts';
import { plural, size } from '../format/size.ts';
import { Icon } from '../parts/icon.tsx';
import { Problem } from '../parts/problem.tsx';
import { replaceHash, runHref } from '../router.ts';
import { useKeys } from '../shell/keys.ts';
import { LineField } from './line-field.tsx';
import { pointed, selectionHash } from './line-selection.ts';
import { LogFrame } from './log-frame.tsx';
import { LogOptions, times, toggle, wrap, type Streams } from './log-options.tsx';
import { SearchField } from './search-field.tsx';
import { useFinding } from './use-finding.ts';
import { useOutput } from './use-output.ts';
import { useSelection } from './use-selection.ts';

interface Props {
  readonly of: LinesOf;
  readonly attempt: AttemptView;
  /** What the address says to mean just these lines. */
  readonly search: string;
  readonly onStreams: (streams: Streams) => void;
}

export function OutputPanel({ of, attempt, search: address, onStreams }: Props): JSX.Element {
  const hrefOf = (line: number): string => runHref(of.run) + address + selectionHash({ first: line, last: line });
  const output = useOutput(of, hrefOf);
  const { store, search, view, error, connected } = output;
  const { chosen, choose } = useSelection(address);
  useSignalEffect(() => {
    view.value?.choose(chosen.value);
    if (chosen.value !== null) view.value?.toLine(chosen.value.first);
  });
  const finding = useFinding(of, output, (line, isOfBoth) => {
    const lines = { first: line, last: line };
    if (!isOfBoth || of.stream === null) return choose(lines);
    onStreams('both');
    replaceHash(selectionHash(lines));
  });
  useKeys({
    f: () => (view.value?.following.value === true ? view.value.stay() : view.value?.toEnd()),
    w: () => toggle(wrap),
    t: () => toggle(times),
    e: finding.toFirstError,
    n: finding.next,
    N: finding.before,
  });
  const running = attempt.finished_at === null;
  const { total, counted } = store.extent.value;
  return (
    <section class="output" aria-label="Output">
      <div class="log-bar">
        <SearchField search={search} finding={finding} onLeave={() => output.scroller.current?.focus()} />
        <button type="button" title="First error (e)" onClick={finding.toFirstError}>
          <Icon name="warning" />
          First error
        </button>
        <LineField chosen={chosen.value} onChoose={choose} />
        <a
          class="button"
          title="Download"
          href={outputHref(of)}
          download={`${of.run}.${of.attempt}.log`}
          aria-label="Download the output"
        >
          <Icon name="download" />
          <span class="words">Download</span>
        </a>
        <LogOptions streams={of.stream ?? 'both'} onStreams={onStreams} />
      </div>
      {error.value !== null && <Problem error={error.value} />}
      <LogFrame
        output={output}
        running={running}
        onLine={(line, extend) => choose(pointed(chosen.value, line, extend))}
      />
      <p class="log-note quiet number">
        <span>
          {plural(total, 'line')}
          {counted ? '' : ' so far'}, {size(attempt.output_bytes)}
          {attempt.output_dropped > 0 && `, of which ${size(attempt.output_dropped)} were not kept`}
        </span>
        {running && !connected.value && <span>The connection is lost; reading on when it is back.</span>}
        {finding.told.value !== '' && <span>{finding.told.value}</span>}
      </p>
    </section>
  );
}
