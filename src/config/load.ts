/** Puts the sources together, checks every value, and reports all that is wrong at once. */
import type { z } from 'zod';
import { JobschedError } from '../errors.ts';
import type { Machine } from './machine.ts';
import { nearest } from './nearest.ts';
import { readSecretFiles, SECRET_FILE } from './secret-files.ts';
import { flagOf, keyOf, variableOf, type Setting } from './setting.ts';
import { SETTINGS, type SettingName, type Settings } from './settings.ts';
import { configFiles, environmentSource, fileSource, type Source, type SourceProblem } from './sources.ts';

export interface LoadedSettings<Name extends SettingName = SettingName> {
  readonly settings: Pick<Settings, Name>;
  /** Where each came from: `flag`, `environment`, a file's path, or `default`. */
  readonly origins: Readonly<Record<Name, string>>;
}

/** Flags as commander gives them: by the setting's own name. */
export type Flags = Readonly<Record<string, unknown>>;

/** Variables that are read elsewhere: by the command line as a client, and by our own tests. */
const OTHER_VARIABLES =
  /^JOBSCHED_(SERVER|CONTEXT|KEY|KEY_FILE|TEST_[A-Z_]+|JOB_ID|JOB_NAME|RUN_ID|ATTEMPT|FENCE|SCHEDULED_FOR)$/;

interface Loaded<Name extends SettingName> {
  readonly name: Name;
  readonly value: unknown;
  readonly spelling: string;
  readonly origin: string;
}

/**
 * @param names the settings that the command takes; others may be given all the same, and are not looked at.
 * @throws JobschedError `invalid_config` that names every value at fault and where it stands.
 */
export async function loadSettings<Name extends SettingName>(
  names: readonly Name[],
  flags: Flags,
  machine: Machine,
): Promise<LoadedSettings<Name>> {
  const read = await Promise.all(configFiles(machine).map(fileSource));
  const files = read.filter((source) => source !== null && 'values' in source);
  const { environment, problems: unread } = await readSecretFiles(environmentSource(machine), secretsOf(names));
  const problems: string[] = [
    ...read.filter(isProblem).map(({ source, message }) => `${source} ${message}`),
    ...unread,
    ...unknownNames(environment, files),
  ];

  const loaded = names.map((name): Loaded<Name> => {
    const setting: Setting<unknown> = SETTINGS[name];
    const found = findValue(name, flags, environment, files);
    if (!found) return { name, value: setting.fallback(machine), spelling: '', origin: DEFAULT };
    const checked = check(setting, found.value);
    if (!checked.success) problems.push(`${found.spelling} (${found.origin}) ${firstMessage(checked.error)}`);
    return { ...found, name, value: checked.data };
  });
  problems.push(...exclusions(loaded));

  if (problems.length > 0) throw invalid(problems);
  return {
    settings: Object.fromEntries(loaded.map(({ name, value }) => [name, value])) as unknown as Pick<Settings, Name>,
    origins: Object.fromEntries(loaded.map(({ name, origin }) => [name, origin])) as Record<Name, string>,
  };
}

const DEFAULT = 'default';

function secretsOf(names: readonly SettingName[]): readonly string[] {
  const all: Readonly<Record<string, Setting<unknown>>> = SETTINGS;
  return names.filter((name) => all[name]?.secret === true).map(variableOf);
}

/** Pairs that contradict each other, wherever they stand: which of them was meant is not ours to guess. */
function exclusions(loaded: readonly Loaded<SettingName>[]): string[] {
  const given = loaded.filter(({ origin }) => origin !== DEFAULT);
  return given.flatMap((one) => {
    const { excludes = [] }: Setting<unknown> = SETTINGS[one.name];
    return given
      .filter(({ name }) => excludes.includes(name))
      .map((other) => `${one.spelling} (${one.origin}) and ${other.spelling} (${other.origin}) exclude each other`);
  });
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
  const variables = new Set([...names.map(variableOf), ...secretsOf(names).map((name) => name + SECRET_FILE)]);
  const keys = new Set([...names.map(keyOf), 'server', 'key_file']);
  const strange = [...environment.values.keys()].filter((name) => !variables.has(name) && !OTHER_VARIABLES.test(name));
  return [
    ...strange.map((name) => notASetting(name, 'environment', variables)),
    ...files.flatMap((file) =>
      [...file.values.keys()].filter((key) => !keys.has(key)).map((key) => notASetting(key, file.name, keys)),
    ),
  ];
}

function notASetting(name: string, origin: string, known: Iterable<string>): string {
  const guess = nearest(name, known);
  return `${name} (${origin}) is not a setting${guess === null ? '' : `; did you mean ${guess}?`}`;
}

function invalid(problems: readonly string[]): JobschedError {
  const [only = ''] = problems;
  const message = problems.length === 1 ? only : `${problems.length} settings are not valid`;
  const list = problems.length === 1 ? [] : problems;
  return new JobschedError('invalid_config', message, {
    hint: [...list, 'docs/configuration.md lists every setting'].join('\n'),
  });
}
