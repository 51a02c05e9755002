/** `/jobs/:ref/definition`: what the job is, as a form and as YAML, to be read and edited. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { updateJob } from '../api/jobs.ts';
import { announce } from '../parts/announcer.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { noOperating } from '../session/session.ts';
import { draftOf, draftPatch } from '../submit/draft.ts';
import { JobForm } from '../submit/job-form.tsx';
import { useJobForm } from '../submit/use-job-form.ts';
import { isNewer } from './is-newer.ts';
import { Outdated } from './outdated.tsx';
import { YamlEditor } from './yaml-editor.tsx';

const SHAPES = [
  { value: 'form', text: 'Form' },
  { value: 'yaml', text: 'YAML' },
] as const;

interface Props {
  readonly job: JobView;
  readonly onChanged: () => void;
}

export function DefinitionPage(props: Props): JSX.Element {
  const shape = useSignal<(typeof SHAPES)[number]['value']>('form');
  return (
    <section aria-label="Definition">
      <div class="section-head">
        <Segmented legend="Shape" choices={SHAPES} value={shape.value} onChange={(value) => (shape.value = value)} />
        <span class="quiet">Version {props.job.version}. Runs that are running keep theirs.</span>
      </div>
      {shape.value === 'form' ? <EditForm {...props} /> : <YamlEditor {...props} />}
    </section>
  );
}

function EditForm({ job, onChanged }: Props): JSX.Element {
  /** What the form began with: an edit is what differs from it. */
  const base = useSignal(job);
  const form = useJobForm(draftOf(job), async (draft) => {
    const { id, version } = base.value;
    return (base.value = await updateJob(id, version, draftPatch(draftOf(base.value), draft)));
  });
  const newer = isNewer(job, base.value);
  const take = (newest: JobView): void => {
    base.value = newest;
    form.reset(draftOf(newest));
  };
  // Nobody has typed: then another's edit is simply shown.
  useEffect(() => {
    if (newer && !form.changed) take(job);
  }, [job.id, job.version]);
  const refusal = noOperating.value;
  return (
    <JobForm
      name="Edit the job"
      form={form}
      isNew={false}
      onDone={({ answer, typedOn }) => {
        if (!typedOn) form.reset(draftOf(answer));
        announce('Saved');
        onChanged();
      }}
    >
      {refusal !== null && <span class="quiet">{refusal}</span>}
      {newer && form.changed && !form.busy && <Outdated onTake={() => take(job)} />}
      {form.done !== null && !form.changed && <span class="quiet">Saved as version {form.done.version}.</span>}
      <button
        type="button"
        aria-disabled={!form.changed}
        onClick={() => form.changed && take(newer ? job : base.value)}
      >
        Undo
      </button>
      <button type="submit" class="primary" aria-disabled={form.busy || refusal !== null || !form.changed}>
        Save
      </button>
    </JobForm>
  );
}
