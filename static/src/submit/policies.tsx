/** What should happen when things do not go as planned, in words; folded until it is wanted, or something in it is wrong. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import type { FieldName } from './draft.ts';
import { EnvField } from './env-field.tsx';
import { isOf } from './field.tsx';
import { ChoiceField, TextArea, TextField } from './text-field.tsx';
import type { FormPart } from './use-job-form.ts';

export const Policies = (part: FormPart): JSX.Element => (
  <>
    <Fold {...part} title="If it fails, or takes too long" names={FAILURE}>
      <TextField {...part} label="Retries" name="retries" placeholder="0" numeric />
      <TextField {...part} label="Seconds before a retry" name="retry_delay_seconds" placeholder="10" numeric />
      <ChoiceField {...part} label="Further retries" name="retry_backoff" choices={BACKOFFS} />
      <TextField {...part} label="Longest wait in seconds" name="retry_max_delay_seconds" placeholder="3600" numeric />
      <TextField {...part} label="Only after exit codes" name="retry_on_exit_codes" placeholder="all" />
      <TextField {...part} label="Timeout in seconds" name="timeout_seconds" placeholder="none" numeric />
      <TextField {...part} label="Seconds from TERM to KILL" name="kill_grace_seconds" placeholder="10" numeric />
      <ChoiceField {...part} label="When its worker is lost" name="on_lost" choices={ON_LOST} />
      <TextField {...part} label="Lost after seconds" name="lost_after_seconds" placeholder="60" numeric />
    </Fold>
    <Fold {...part} title="If it overlaps, comes late, or is missed" names={TIMING}>
      <ChoiceField {...part} label="While a run is still live" name="overlap" choices={OVERLAPS} />
      {part.draft.type === 'cron' && (
        <>
          <ChoiceField {...part} label="Times that were missed" name="misfire" choices={MISFIRES} />
          <TextField
            {...part}
            label="Missed at most seconds ago"
            name="misfire_window_seconds"
            placeholder="3600"
            numeric
          />
          <TextField {...part} label="Spread over seconds" name="jitter_seconds" placeholder="0" numeric />
          <TextField {...part} label="Not before" name="starts_at" type="datetime-local" />
          <TextField {...part} label="Not from then on" name="ends_at" type="datetime-local" />
        </>
      )}
      <TextField {...part} label="Late after seconds" name="late_after_seconds" placeholder="never" numeric />
    </Fold>
    <Fold {...part} title="Where and how it runs" names={PLACE}>
      <TextField {...part} label="Queue" name="queue" placeholder="default" />
      <TextField {...part} label="Priority" name="priority" placeholder="0" numeric />
      <TextField {...part} label="Working directory" name="cwd" placeholder="home of the worker" />
      <TextField {...part} label="Shell" name="shell" placeholder="/bin/sh" />
      <EnvField {...part} mostRows={8} />
      <TextArea {...part} label="Standard input" name="stdin" mostRows={8} placeholder="empty" />
    </Fold>
    <Fold {...part} title="What is kept, and what it is for" names={KEPT}>
      <TextField {...part} label="Newest runs" name="keep_runs" placeholder="100" numeric />
      <TextField {...part} label="Failed ones beyond these" name="keep_failed_runs" placeholder="100" numeric />
      <TextField {...part} label="Days" name="keep_days" placeholder="30" numeric />
      <TextField {...part} label="Output in bytes" name="output_limit_bytes" placeholder="1048576" numeric />
      <TextArea {...part} label="Description" name="description" mostRows={6} />
    </Fold>
  </>
);

const FAILURE: readonly FieldName[] = [
  'retries',
  'retry_delay_seconds',
  'retry_backoff',
  'retry_max_delay_seconds',
  'retry_on_exit_codes',
  'timeout_seconds',
  'kill_grace_seconds',
  'on_lost',
  'lost_after_seconds',
];
const TIMING: readonly FieldName[] = [
  'overlap',
  'misfire',
  'misfire_window_seconds',
  'jitter_seconds',
  'starts_at',
  'ends_at',
  'late_after_seconds',
];
const PLACE: readonly FieldName[] = ['queue', 'priority', 'cwd', 'shell', 'env', 'stdin'];
const KEPT: readonly FieldName[] = ['keep_runs', 'keep_failed_runs', 'keep_days', 'output_limit_bytes', 'description'];

const OVERLAPS = [
  ['skip', 'skip the new one'],
  ['queue', 'let the new one wait'],
  ['replace', 'end the old one'],
  ['allow', 'run both'],
] as const;
const MISFIRES = [
  ['latest', 'run the latest one'],
  ['all', 'run all of them'],
  ['skip', 'run none of them'],
] as const;
const BACKOFFS = [
  ['exponential', 'wait twice as long each time'],
  ['fixed', 'wait as long each time'],
] as const;
const ON_LOST = [
  ['', 'retry if it has retries, else fail'],
  ['retry', 'retry'],
  ['fail', 'fail'],
] as const;

interface FoldProps extends FormPart {
  readonly title: string;
  /** An error at one of these fields opens it. */
  readonly names: readonly FieldName[];
  readonly children: ComponentChildren;
}

function Fold({ title, names, draft, errors, children }: FoldProps): JSX.Element {
  const used = names.filter((name) => draft[name] !== '').length;
  const open = useSignal(false);
  const faulty = errors.some(({ field }) => names.some((name) => isOf(field, name)));
  // It stays open while the fault is mended.
  useEffect(() => {
    if (faulty) open.value = true;
  }, [faulty]);
  return (
    <details class="card fold" open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>
        <Icon name="chevron" />
        {title}
        {used > 0 && <span class="quiet number">{used} set</span>}
      </summary>
      <div class="grid">{children}</div>
    </details>
  );
}
