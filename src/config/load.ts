/** Puts the sources together, checks every value, and reports all that is wrong at once. */
import type { z } from 'zod';
import { JobschedError } from '../errors.ts';
import type { Machine } from './machine.ts';
import { flagOf, keyOf, SETTINGS, variableOf, type Setting, type SettingName, type Settings } from './settings.ts';
import { configFiles, environmentSource, fileSource, type Source, type SourceProblem } from './sources.ts';

export interface LoadedSettings {
  readonly settings: Settings;
  /** Where each came from: `flag`, `environment`, a file's path, or `default`. */
  readonly origins: Readonly<Record<SettingName, string>>;
}

/** Flags as commander gives them: by the setting's own name. */
export type Flags = Readonly<Record<string, unknown>>;

/** Variables that are read elsewhere: by the command line as a client, and by our own tests. */
const OTHER_VARIABLES = /^JOBSCHED_(SERVER|TEST_[A-Z_]+|JOB_ID|JOB_NAME|RUN_ID|ATTEMPT|FENCE|SCHEDULED_FOR)$/;

/** Rejects with JobschedError `invalid_config` that names every value at fault and where it stands. */
export async function loadSettings(flags: Flags, machine: Machine): Promise<LoadedSettings> {
  const read = await Promise.all(configFiles(machine).map(fileSource));
  const files = read.filter((source) => source !== null && 'values' in source);
  const problems: string[] = read.filter(isProblem).map(({ source, message }) => `${source} ${message}`);
  const environment = environmentSource(machine);
  problems.push(...unknownNames(environment, files));

  const loaded = Object.entries(SETTINGS).map(([key, setting]) => {
    const name = key as SettingName;
    const found = findValue(name, flags, environment, files);
    if (!found) return { name, value: setting.fallback(machine), origin: 'default' };
    const checked = check(setting, found.value);
    if (!checked.success) problems.push(`${found.spelling} (${found.origin}) ${firstMessage(checked.error)}`);
    return { name, value: checked.data, origin: found.origin };
  });

  if (problems.length > 0) throw invalid(problems);
  return {
    settings: Object.fromEntries(loaded.map(({ name, value }) => [name, value])) as unknown as Settings,
    origins: Object.fromEntries(loaded.map(({ name, origin }) => [name, origin])) as Record<SettingName, string>,
  };
}

const isProblem = (source: Source | SourceProblem | null): source is SourceProblem =>
  source !== null && 'message' in source;

/** The settings' kinds differ; what they share is that they check an unknown value. */
const check = (setting: Setting<unknown>, value: unknown): z.ZodSafeParseResult<unknown> =>
  setting.schema.safeParse(value);

const firstMessage = (error: z.ZodError): string => error.issues[0]?.message ?? 'is not valid';

interface Found {
  readonly value: unknown;
  readonly spelling: string;
  readonly origin: string;
}

function findValue(name: SettingName, flags: Flags, environment: Source, files: readonly Source[]): Found | null {
  if (flags[name] !== undefined) return { value: flags[name], spelling: flagOf(name), origin: 'flag' };
  const variable = variableOf(name);
  if (environment.values.has(variable)) {
    return { value: environment.values.get(variable), spelling: variable, origin: 'environment' };
  }
  const file = files.find(({ values }) => values.has(keyOf(name)));
  return file ? { value: file.values.get(keyOf(name)), spelling: keyOf(name), origin: file.name } : null;
}

/** A misspelt setting would otherwise be a silent default. */
function unknownNames(environment: Source, files: readonly Source[]): string[] {
  const names = Object.keys(SETTINGS) as SettingName[];
  const variables = new Set(names.map(variableOf));
  const keys = new Set([...names.map(keyOf), 'server']);
  const strange = [...environment.values.keys()].filter((name) => !variables.has(name) && !OTHER_VARIABLES.test(name));
  return [
    ...strange.map((name) => `${name} (environment) is not a setting`),
    ...files.flatMap((file) =>
      [...file.values.keys()].filter((key) => !keys.has(key)).map((key) => `${key} (${file.name}) is not a setting`),
    ),
  ];
}

function invalid(problems: readonly string[]): JobschedError {
  const [only = ''] = problems;
  const message = problems.length === 1 ? only : `${problems.length} settings are not valid`;
  const list = problems.length === 1 ? [] : problems;
  return new JobschedError('invalid_config', message, {
    hint: [...list, 'docs/configuration.md lists every setting'].join('\n'),
  });
}
