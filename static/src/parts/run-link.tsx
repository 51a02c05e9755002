/** The way to a run, called `nightly#42`. Where there is little room its job's name is cut short, and never its number. */
import type { JSX } from 'preact';
import type { RunView } from '../../../src/http/schema/run-view.ts';
import { jobWord, runName } from '../format/reason.ts';
import { runHref } from '../router.ts';

export function RunLink({ run }: { readonly run: RunView }): JSX.Element {
  const name = runName(run);
  return (
    // Its parts are boxes of their own, which a screen reader would pause between.
    <a class="run-link" href={runHref(run.id)} title={name} aria-label={name}>
      <span>{jobWord(run)}</span>#{run.number}
    </a>
  );
}
