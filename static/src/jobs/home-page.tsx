/** `/`: what one wants to run, and what there is. */
import type { JSX } from 'preact';
import { PageTitle } from '../parts/page-title.tsx';
import { SubmitForm } from '../submit/submit-form.tsx';
import { JobList } from './job-list.tsx';

export const HomePage = (): JSX.Element => (
  <>
    <PageTitle title="Jobs" unseen />
    <SubmitForm />
    <JobList />
  </>
);
