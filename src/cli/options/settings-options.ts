/** The settings of `config/`, as flags of a daemon's command. */
import { Option, type Command } from 'commander';
import { flagOf, type Setting } from '../../config/setting.ts';
import { SETTINGS, type SettingName } from '../../config/settings.ts';

/** Adds a flag for each of these settings. Values stay as they were typed: `config/` checks them. */
export function addSettings(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) command.addOption(settingOption(name));
  return command;
}

function settingOption(name: SettingName): Option {
  const setting: Setting<unknown> = SETTINGS[name];
  const fallback = setting.fallbackWords ?? plainDefault(setting);
  const option = new Option(spell(name, setting), `${setting.help} Default: ${fallback}.`);
  // A flag that comes again adds to a list; for any other the last one holds.
  if (setting.schema.safeParse([]).success) option.argParser(collect);
  return option.helpGroup('Settings');
}

const spell = (name: SettingName, { placeholder }: Setting<unknown>): string =>
  placeholder === null ? flagOf(name) : `${flagOf(name)} ${placeholder}`;

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** Settings without words for their default have one that no machine changes. */
function plainDefault(setting: Setting<unknown>): string {
  const nowhere = { env: {}, cwd: '', uid: null, user: '', home: '', hostname: '', cpus: 1, timezone: '' };
  return String(setting.fallback(nowhere));
}
