/** Whether a job has become another than an edit began with. */
import type { JobView } from '../../../src/http/schema/job-view.ts';

type Version = Pick<JobView, 'id' | 'version'>;

/** Right after a save, what the page knows of the job may still be older. A job of another id has taken its name. */
export const isNewer = (job: Version, base: Version): boolean => job.id !== base.id || job.version > base.version;
