/** What can be seen without any server: the configuration of this machine and user, and who may read their key. */
import { stat } from 'node:fs/promises';
import { loadSettings } from '../../config/load.ts';
import type { Machine } from '../../config/machine.ts';
import { SETTINGS_OF } from '../../config/settings.ts';
import { configFiles, environmentSource, fileSource } from '../../config/sources.ts';
import { fine, problem, type Finding } from '../../domain/finding.ts';
import { JobschedError } from '../../errors.ts';

export async function checkHere(machine: Machine): Promise<readonly Finding[]> {
  const findings = [await settings(machine), await origins(machine), zones(machine)];
  const key = machine.env['JOBSCHED_KEY_FILE'];
  return key ? [...findings, await keyFile(key)] : findings;
}

/** As a daemon started here would read them. */
async function settings(machine: Machine): Promise<Finding> {
  try {
    await loadSettings(
      [...new Set([...SETTINGS_OF.standalone, ...SETTINGS_OF.serve, ...SETTINGS_OF.worker])],
      {},
      machine,
    );
    return fine('settings', 'all settings found here are valid');
  } catch (error) {
    if (!(error instanceof JobschedError)) throw error;
    const hint = (error.hint ?? '').split('\n').join('; ');
    return problem('settings', error.message, hint === '' ? 'docs/configuration.md lists every setting.' : hint);
  }
}

async function origins(machine: Machine): Promise<Finding> {
  const sources = await Promise.all(configFiles(machine).map(fileSource));
  const files = sources.flatMap((source) => (source !== null && 'values' in source ? [source.name] : []));
  const variables = [...environmentSource(machine).values.keys()];
  const found = [...variables, ...files];
  return fine(
    'configuration',
    found.length === 0 ? 'defaults only: no JOBSCHED_ variables, no files' : found.join(', '),
  );
}

/** A system without its zones reads every schedule wrongly. */
function zones({ timezone }: Machine): Finding {
  try {
    const winter = Temporal.PlainDateTime.from('2026-01-15T12:00').toZonedDateTime('America/New_York');
    if (winter.offset === '-05:00') return fine('time zones', `the zone here is ${timezone}, and zones are known`);
  } catch {
    // Told below.
  }
  return problem('time zones', 'this Node knows no time zones', 'Use a Node with full ICU data.');
}

async function keyFile(path: string): Promise<Finding> {
  const { mode } = await stat(path).catch(() => ({ mode: null }));
  if (mode === null) {
    return problem('key file', `${path} cannot be read`, 'Mend JOBSCHED_KEY_FILE: jobsched key create makes a key.');
  }
  if ((mode & 0o077) === 0) return fine('key file', `only its owner can read ${path}`);
  return problem('key file', `others on this machine can read the key in ${path}`, `chmod 600 ${path}`);
}
