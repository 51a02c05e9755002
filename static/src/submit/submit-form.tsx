/** The form that makes a job: a command and when to run it; Ctrl-Enter submits from anywhere in it. */
import type { JSX, RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { Problem } from '../parts/problem.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { Confirmation } from './confirmation.tsx';
import { Field } from './field.tsx';
import { MoreOptions } from './more-options.tsx';
import { ScheduleWords } from './schedule-words.tsx';
import { TextField } from './text-field.tsx';
import { usePreview } from './use-preview.ts';
import { useSubmission } from './use-submission.ts';
import { ZONE_LIST, ZoneList } from './zone-list.tsx';

const TYPES = [
  { value: 'once', text: 'Once' },
  { value: 'cron', text: 'On a schedule' },
] as const;

export function SubmitForm(): JSX.Element {
  const { draft, change, errors, problem, made, busy, submit } = useSubmission();
  const command = useRef<HTMLTextAreaElement>(null);
  const submitForm = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await submit()) command.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submitForm(event);
  };
  return (
    <form
      class="submit"
      aria-label="Submit a job"
      noValidate
      onSubmit={(event) => void submitForm(event)}
      onKeyDown={onKeyDown}
    >
      <CommandField draft={draft} errors={errors} onChange={change} textarea={command} />
      <div class="when">
        <div class="field">
          <span class="label" aria-hidden="true">
            When
          </span>
          <Segmented legend="When" choices={TYPES} value={draft.type} onChange={(type) => change({ type })} />
        </div>
        <TextField {...{ draft, errors }} onChange={change} class="name" label="Name" name="name" of="name" optional />
      </div>
      {draft.type === 'cron' && <ScheduleFields draft={draft} errors={errors} onChange={change} />}
      <MoreOptions draft={draft} errors={errors} onChange={change} />
      {problem !== null && <Problem error={problem} />}
      <div class="buttons end">
        {made !== null && <Confirmation job={made} />}
        <kbd class="quiet">Ctrl Enter</kbd>
        <button type="submit" class="primary" aria-disabled={busy}>
          Submit
        </button>
      </div>
    </form>
  );
}

type Fields = Parameters<typeof MoreOptions>[0];

function CommandField({
  draft,
  errors,
  onChange,
  textarea,
}: Fields & { readonly textarea: RefObject<HTMLTextAreaElement | null> }): JSX.Element {
  return (
    <Field
      label="Command"
      name="command"
      errors={errors}
      control={(props) => (
        <textarea
          {...props}
          ref={textarea}
          class="mono command"
          rows={Math.min(12, draft.command.split('\n').length)}
          placeholder="echo 'Hello, World!'"
          autocapitalize="off"
          spellcheck={false}
          value={draft.command}
          onInput={(event) => onChange({ command: event.currentTarget.value })}
        />
      )}
    />
  );
}

function ScheduleFields({ draft, errors, onChange }: Fields): JSX.Element {
  const preview = usePreview(draft.schedule, draft.timezone);
  const all = [...errors, ...preview.errors];
  return (
    <div class="schedule-fields">
      <TextField
        {...{ draft, onChange }}
        errors={all}
        label="Schedule"
        name="schedule"
        of="schedule"
        mono
        placeholder="*/10 * * * * *"
      >
        <ScheduleWords
          view={preview.view}
          empty={draft.schedule.trim() === ''}
          onTake={(schedule) => onChange({ schedule })}
        />
      </TextField>
      <TextField
        {...{ draft, onChange }}
        errors={all}
        label="Time zone"
        name="timezone"
        of="timezone"
        optional
        list={ZONE_LIST}
        placeholder={preview.view?.timezone ?? 'the server’s'}
      />
      <ZoneList />
    </div>
  );
}
