/** What few jobs need, folded away. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { FieldError } from '../../../src/http/schema/problem.ts';
import { Icon } from '../parts/icon.tsx';
import type { Draft } from './draft.ts';
import { Field, isOf } from './field.tsx';
import { TextField } from './text-field.tsx';

interface Props {
  readonly draft: Draft;
  readonly errors: readonly FieldError[];
  readonly onChange: (change: Partial<Draft>) => void;
}

const OVERLAPS = [
  ['skip', 'Skip the new one'],
  ['queue', 'Let it wait'],
  ['replace', 'End the old one'],
  ['allow', 'Run both'],
] as const;

/** Fields of the API that are in here: an error at one of them opens it. */
export const FOLDED = ['run_at', 'queue', 'timeout_seconds', 'retries', 'overlap', 'cwd', 'env'];

export function MoreOptions({ draft, errors, onChange }: Props): JSX.Element {
  const of = { errors, onChange, draft } as const;
  const unfolded = useSignal(false);
  const faulty = errors.some(({ field }) => FOLDED.some((name) => isOf(field, name)));
  // It stays open while the fault is mended.
  useEffect(() => {
    if (faulty) unfolded.value = true;
  }, [faulty]);
  return (
    <details class="more" open={unfolded.value} onToggle={(event) => (unfolded.value = event.currentTarget.open)}>
      <summary>
        <Icon name="chevron" />
        More options
      </summary>
      <div class="grid">
        {draft.type === 'once' && <TextField {...of} label="Start at" name="run_at" of="runAt" type="datetime-local" />}
        {draft.type === 'cron' && <OverlapField {...of} />}
        <TextField {...of} label="Timeout in seconds" name="timeout_seconds" of="timeout" placeholder="none" numeric />
        <TextField {...of} label="Retries" name="retries" of="retries" placeholder="0" numeric />
        <TextField {...of} label="Queue" name="queue" of="queue" placeholder="default" />
        <TextField {...of} label="Working directory" name="cwd" of="cwd" placeholder="home of the worker" />
        <EnvField {...of} />
      </div>
    </details>
  );
}

const OverlapField = ({ draft, errors, onChange }: Props): JSX.Element => (
  <Field
    label="While a run is still live"
    name="overlap"
    errors={errors}
    control={(props) => (
      <select {...props} value={draft.overlap} onChange={(event) => onChange({ overlap: event.currentTarget.value })}>
        {OVERLAPS.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    )}
  />
);

const EnvField = ({ draft, errors, onChange }: Props): JSX.Element => (
  <Field
    label="Environment"
    name="env"
    class="wide"
    errors={errors}
    control={(props) => (
      <textarea
        {...props}
        class="mono"
        rows={Math.min(8, draft.env.split('\n').length)}
        placeholder="NAME=value, one a line"
        spellcheck={false}
        value={draft.env}
        onInput={(event) => onChange({ env: event.currentTarget.value })}
      />
    )}
  />
);
