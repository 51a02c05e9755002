/** The form of a job, new or edited: one file, since both screens are nearly all of it. */
export { DefinitionPage } from './definition/definition-page.tsx';
export { SubmitPage } from './submit/submit-page.tsx';
