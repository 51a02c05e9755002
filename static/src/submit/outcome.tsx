/** What the form comes to: when it runs, what it does then, and the same as a command line. */
import type { JSX } from 'preact';
import { now } from '../clock.ts';
import { until } from '../format/duration.ts';
import { fullTime, zonedTime } from '../format/time.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { commandLine } from './command-line.ts';
import type { Draft } from './draft.ts';
import { policyWords } from './policy-words.ts';
import { comingSlots, type Preview } from './use-preview.ts';

interface Props {
  readonly draft: Draft;
  readonly preview: Preview;
  readonly isNew: boolean;
}

export const Outcome = ({ draft, preview, isNew }: Props): JSX.Element => (
  <aside class="outcome" aria-label="What it comes to">
    <section class="card">
      <h2>When it runs</h2>
      {draft.type === 'once' ? (
        <p>{draft.run_at === '' ? 'Once, as soon as a worker has a free slot.' : 'Once, at the time given.'}</p>
      ) : (
        <Next preview={preview} />
      )}
      <ul class="policy-words">
        {policyWords(draft).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    </section>
    {isNew && draft.command.trim() !== '' && <SameAsCommand draft={draft} />}
  </aside>
);

function Next({ preview }: { readonly preview: Preview }): JSX.Element {
  const { view } = preview;
  if (view === null) return <p class="quiet">Its next times stand here once there is a schedule.</p>;
  const slots = comingSlots(view, now.value);
  const first = slots[0];
  const notes = [...new Set([...view.notes, ...slots.flatMap(({ note }) => note ?? [])])];
  return (
    <>
      <p>
        <b>{view.words}</b> <span class="quiet">{view.timezone}</span>
      </p>
      {first === undefined ? (
        <p class="quiet">No time is left.</p>
      ) : (
        <ol class="next-times">
          {slots.map((slot) => (
            <li key={slot.at}>
              <time dateTime={slot.at} title={fullTime(Date.parse(slot.at))} class="number">
                {zonedTime(slot.local, null)}
              </time>
              <span class="quiet number">{until(Date.parse(slot.at), now.value)}</span>
            </li>
          ))}
        </ol>
      )}
      {notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
    </>
  );
}

function SameAsCommand({ draft }: { readonly draft: Draft }): JSX.Element {
  const { text, missing } = commandLine(draft);
  return (
    <section class="card">
      <div class="panel-line">
        <h2>The same as a command line</h2>
        <CopyButton text={text} what="the command line" />
      </div>
      <pre class="command" tabIndex={0} aria-label="The same as a command line">
        <code>{text}</code>
      </pre>
      {missing.length > 0 && <p class="quiet">It has no flag for {missing.join(', ')}.</p>}
    </section>
  );
}
