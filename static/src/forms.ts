/** The form of a job, new, edited or run again otherwise: one file, since each is nearly all of it. */
export { DefinitionPage } from './definition/definition-page.tsx';
export { RerunDialog } from './run/rerun-dialog.tsx';
export { SubmitPage } from './submit/submit-page.tsx';
