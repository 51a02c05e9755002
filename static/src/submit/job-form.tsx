/** The fields of a job, in the order in which one thinks of them; beside them what they come to. */
import type { ComponentChildren, JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { Problem } from '../parts/problem.tsx';
import { Segmented } from '../parts/segmented.tsx';
import type { Draft } from './draft.ts';
import { Outcome } from './outcome.tsx';
import { Policies } from './policies.tsx';
import { ScheduleBuilder } from './schedule-builder.tsx';
import { TextArea, TextField } from './text-field.tsx';
import type { Sent } from './typing.ts';
import { usePreview, type Preview } from './use-preview.ts';
import type { FormPart, JobForm as Form } from './use-job-form.ts';
import { ZONE_LIST, ZoneList } from './zone-list.tsx';

const TYPES = [
  { value: 'once', text: 'Once' },
  { value: 'cron', text: 'On a schedule' },
] as const;

const EXAMPLES = ['*/10 * * * * *', '0 2 * * *', '0 9 * * 1-5', '@every 90s'];

interface Props {
  readonly name: string;
  readonly form: Form;
  /** A job's name and type never change. */
  readonly isNew: boolean;
  /** The buttons that do it. */
  readonly children: ComponentChildren;
  /** After a submit that was done. */
  readonly onDone?: (sent: Sent<Draft, JobView>) => void;
}

export function JobForm({ name, form, isNew, children, onDone }: Props): JSX.Element {
  const { draft, errors, onChange, problem, submit } = form;
  const preview = usePreview(draft.type === 'cron' ? draft.schedule : '', draft.timezone, draft);
  const part: FormPart = { draft, onChange, errors: [...errors, ...preview.errors] };
  const submitForm = async (event: Event): Promise<void> => {
    event.preventDefault();
    const sent = await submit();
    if (sent !== null) onDone?.(sent);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submitForm(event);
  };
  return (
    <form
      class="job-form"
      aria-label={name}
      noValidate
      onSubmit={(event) => void submitForm(event)}
      onKeyDown={onKeyDown}
    >
      <div class="fields">
        <section class="card">
          <TextArea
            {...part}
            label="Command"
            name="command"
            mostRows={12}
            autofocus={isNew}
            placeholder="echo 'Hello, World!'"
          />
          {isNew && (
            <div class="field">
              <span class="label" aria-hidden="true">
                When
              </span>
              <Segmented legend="When" choices={TYPES} value={draft.type} onChange={(type) => onChange({ type })} />
            </div>
          )}
          {draft.type === 'cron' ? <Schedule {...part} preview={preview} /> : <Once {...part} />}
          <div class="grid">
            <TextField {...part} label="Name" name="name" optional disabled={!isNew} placeholder="nightly-backup">
              {!isNew && <span class="quiet">A name never changes.</span>}
            </TextField>
            <TextField {...part} label="Tags" name="tags" optional placeholder="infra, backup" />
          </div>
        </section>
        <Policies {...part} />
        {problem !== null && <Problem error={problem} />}
        <div class="buttons end sticky">{children}</div>
      </div>
      <Outcome draft={draft} preview={preview} isNew={isNew} />
    </form>
  );
}

const Once = (part: FormPart): JSX.Element => (
  <TextField {...part} label="Start at" name="run_at" type="datetime-local" optional>
    <span class="quiet">Empty: at once. On this computer’s clock.</span>
  </TextField>
);

function Schedule({ preview, ...part }: FormPart & { readonly preview: Preview }): JSX.Element {
  const { draft, onChange } = part;
  return (
    <>
      <ScheduleBuilder expression={draft.schedule} onChange={(schedule) => onChange({ schedule })} />
      <div class="schedule-fields">
        <TextField {...part} label="Schedule" name="schedule" mono placeholder="*/10 * * * * *">
          {draft.schedule.trim() === '' ? (
            <span class="examples">
              Such as
              {EXAMPLES.map((example) => (
                <button key={example} type="button" class="link" onClick={() => onChange({ schedule: example })}>
                  <code>{example}</code>
                </button>
              ))}
            </span>
          ) : (
            <b>{preview.view?.words}</b>
          )}
        </TextField>
        <TextField
          {...part}
          label="Time zone"
          name="timezone"
          optional
          list={ZONE_LIST}
          placeholder={preview.view?.timezone ?? 'the server’s'}
        >
          <span class="quiet">Type a part of its name.</span>
        </TextField>
        <ZoneList />
      </div>
    </>
  );
}
