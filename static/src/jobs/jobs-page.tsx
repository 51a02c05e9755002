/** `/jobs`: all jobs. */
import type { JSX } from 'preact';
import { PageTitle } from '../parts/page-title.tsx';
import { JobList } from './job-list.tsx';

export const JobsPage = (): JSX.Element => (
  <>
    <PageTitle title="Jobs" />
    <JobList />
  </>
);
