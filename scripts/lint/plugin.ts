/** The rules of this project that no linter knows. `.oxlintrc.json` loads them as `jobsched/…`. */
import { disableNeedsReason } from './disable-needs-reason.ts';
import { layers } from './layers.ts';
import { onlyHere } from './only-here.ts';

const plugin = {
  meta: { name: 'jobsched' },
  rules: { layers, 'only-here': onlyHere, 'disable-needs-reason': disableNeedsReason },
};

// oxlint-disable-next-line import/no-default-export -- oxlint looks for the plugin here
export default plugin;
