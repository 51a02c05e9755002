/** Secrets in files of their own, as containers are handed them: `JOBSCHED_REDIS_PASS_FILE` for `JOBSCHED_REDIS_PASS`. */
import { readFile } from 'node:fs/promises';
import type { Source } from './sources.ts';

export const SECRET_FILE = '_FILE';

export interface ReadSecrets {
  readonly environment: Source;
  readonly problems: readonly string[];
}

/**
 * Puts what such files hold where the variable without `_FILE` would have it. One line feed at the end is not part of it.
 *
 * @param secrets the variables that may be given so.
 */
export async function readSecretFiles(environment: Source, secrets: readonly string[]): Promise<ReadSecrets> {
  const values = new Map(environment.values);
  const problems: string[] = [];
  for (const variable of secrets) {
    const name = variable + SECRET_FILE;
    const path = values.get(name);
    if (typeof path !== 'string') continue;
    if (values.has(variable)) problems.push(`${variable} and ${name} (environment) exclude each other`);
    try {
      values.set(variable, (await readFile(path, 'utf8')).replace(/\r?\n$/, ''));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : error;
      problems.push(`${name} (environment) names a file that cannot be read: ${path} (${String(code)})`);
    }
  }
  return { environment: { ...environment, values }, problems };
}
