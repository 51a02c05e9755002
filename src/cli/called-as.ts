/** What a person has to type to call this program again, so that hints can be pasted. */
import { accessSync, constants } from 'node:fs';
import { basename, delimiter, join, relative } from 'node:path';

interface Call {
  readonly execPath: string;
  /** `process.argv[1]`: the script, or in a single binary the binary itself. */
  readonly script: string | undefined;
  readonly path: string;
  readonly cwd: string;
}

/** In a checkout `npx jobsched`, which also finds the right Node; else `jobsched` when PATH has it, else the file. */
export function calledAs({ execPath, script, path, cwd }: Call): string {
  const isScript = script !== undefined && basename(script).endsWith('.js');
  if (isScript && basename(script) === 'jobsched.js' && !script.includes('node_modules')) return 'npx jobsched';
  const file = isScript ? 'jobsched' : execPath;
  const name = basename(file);
  if (isScript || path.split(delimiter).some((folder) => isExecutable(join(folder, name)))) return name;
  const near = relative(cwd, file);
  return near.startsWith('..') ? file : `./${near}`;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
