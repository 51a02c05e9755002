/** A job's definition as text. The parser of YAML is loaded with it. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { NewJobBody } from '../../../src/http/schema/job-body.ts';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { updateJob } from '../api/jobs.ts';
import { ApiError } from '../api/request.ts';
import { announce } from '../parts/announcer.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Problem } from '../parts/problem.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { noOperating } from '../session/session.ts';

interface Props {
  readonly job: JobView;
  readonly onChanged: () => void;
}

/** `./yaml-text.ts`, once it is there. */
interface Yaml {
  yamlOf(job: JobView): string;
  patchOf(text: string): Partial<NewJobBody>;
}

interface Fault {
  readonly message: string;
  readonly hint: string | null;
}

export function YamlEditor({ job, onChanged }: Props): JSX.Element {
  const yaml = useRef<Yaml | null>(null);
  const text = useSignal<string | null>(null);
  const changed = useSignal(false);
  const fault = useSignal<Fault | null>(null);
  useEffect(() => {
    void import('./yaml-text.ts').then(({ yamlOf, patchOf }) => {
      yaml.current = { yamlOf, patchOf };
      return (text.value = yamlOf(job));
    });
  }, []);
  useEffect(() => {
    if (yaml.current !== null && !changed.peek()) text.value = yaml.current.yamlOf(job);
  }, [job.version]);
  const save = async (): Promise<void> => {
    if (yaml.current === null || noOperating.value !== null || !changed.value) return;
    fault.value = null;
    try {
      await updateJob(job.id, job.version, definedPatch(yaml.current.patchOf(text.value ?? ''), job));
      changed.value = false;
      announce('Saved');
      onChanged();
    } catch (error) {
      fault.value = faultOf(error);
    }
  };
  if (text.value === null) return <Skeleton />;
  return (
    <div class="yaml card">
      <textarea
        class="mono"
        aria-label="Definition as YAML"
        spellcheck={false}
        value={text.value}
        onInput={(event) => {
          changed.value = true;
          text.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
        }}
      />
      {fault.value !== null && <Problem error={fault.value} />}
      <div class="buttons end">
        <span class="quiet">{noOperating.value ?? 'What is left out goes back to its default.'}</span>
        <CopyButton text={text.value} what="the definition" />
        <button
          type="button"
          class="primary"
          aria-disabled={!changed.value || noOperating.value !== null}
          onClick={() => void save()}
        >
          Save
        </button>
      </div>
    </div>
  );
}

/** Fields of the other kind of job are not its own, so they are not sent. */
function definedPatch<Patch extends object>(patch: Patch, job: JobView): Partial<Patch> {
  const foreign = job.type === 'cron' ? ['run_at'] : ['schedule', 'timezone', 'starts_at', 'ends_at'];
  const cronOnly = job.type === 'cron' ? [] : ['jitter_seconds', 'misfire', 'misfire_window_seconds'];
  const left = new Set([...foreign, ...cronOnly]);
  const entries = Object.entries(patch).filter(([name, value]) => value !== null || !left.has(name));
  return Object.fromEntries(entries) as Partial<Patch>;
}

/** All that can go wrong is something that a person typed, or the server said. */
function faultOf(error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ApiError)) return { message, hint: null };
  const fields = error.fields.map(({ field, message }) => `${field} ${message}`);
  return { message: [message, ...fields].join('\n'), hint: error.hint };
}
