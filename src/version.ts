/** The version of this jobsched, from package.json, where `npm version` raises it. */
import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;
