/** A job's definition as text. The parser of YAML is loaded with it. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { NewJobBody } from '../../../src/http/schema/job-body.ts';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { updateJob } from '../api/jobs.ts';
import { ApiError } from '../api/request.ts';
import { announce } from '../parts/announcer.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Problem } from '../parts/problem.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { noOperating } from '../session/session.ts';
import { Typing } from '../submit/typing.ts';
import { isNewer } from './is-newer.ts';
import { Outdated } from './outdated.tsx';

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
  const yaml = useSignal<Yaml | null>(null);
  const typing = useMemo(() => new Typing<string | null>(null), []);
  /** What the text was made of: saving it over anything newer is refused. */
  const base = useSignal(job);
  const fault = useSignal<Fault | null>(null);
  const newer = isNewer(job, base.value);
  const text = typing.content.value;
  const changed = typing.changed.value;
  const take = (newest: JobView): void => {
    base.value = newest;
    fault.value = null;
    if (yaml.value !== null) typing.reset(yaml.value.yamlOf(newest));
  };
  useEffect(() => {
    void import('./yaml-text.ts').then(({ yamlOf, patchOf }) => (yaml.value = { yamlOf, patchOf }));
  }, []);
  useEffect(() => {
    if ((newer || text === null) && !changed) take(job);
  }, [yaml.value, job.id, job.version]);
  const save = async (): Promise<void> => {
    const parser = yaml.value;
    if (parser === null || noOperating.value !== null || !typing.changed.value || typing.busy.value) return;
    fault.value = null;
    try {
      const { answer, typedOn } = await typing.send(async (typed) => {
        const { id, version } = base.value;
        return (base.value = await updateJob(id, version, definedPatch(parser.patchOf(typed ?? ''), base.value)));
      });
      if (!typedOn) take(answer);
      announce('Saved');
      onChanged();
    } catch (error) {
      fault.value = faultOf(error);
    }
  };
  if (text === null) return <Skeleton />;
  return (
    <div class="yaml card">
      <textarea
        class="mono"
        aria-label="Definition as YAML"
        spellcheck={false}
        value={text}
        onInput={(event) => typing.type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
        }}
      />
      {fault.value !== null && <Problem error={fault.value} />}
      <div class="buttons end">
        <span class="quiet">{noOperating.value ?? 'What is left out goes back to its default.'}</span>
        {newer && changed && !typing.busy.value && <Outdated onTake={() => take(job)} />}
        <CopyButton text={text} what="the definition" />
        <button
          type="button"
          class="primary"
          aria-disabled={!changed || typing.busy.value || noOperating.value !== null}
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
