/** `/submit`: what one wants to run. */
import type { JSX } from 'preact';
import { PageTitle } from '../parts/page-title.tsx';
import { SubmitForm } from './submit-form.tsx';

export const SubmitPage = (): JSX.Element => (
  <>
    <PageTitle title="New job" />
    <SubmitForm />
  </>
);
