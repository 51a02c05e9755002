/** `jobsched config`: every setting, what it is here, and who says so. Asks no server. */
import type { Command } from 'commander';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { UsageError } from '../help/failure.ts';
import { withExamples } from '../help/help.ts';
import { showRows, type RowsContext } from '../print/rows.ts';
import { withoutServer } from '../session.ts';
import type { TableColumn } from '../print/table.ts';
import { findServer } from '../../config/client.ts';
import { loadSettings } from '../../config/load.ts';
import { thisMachine } from '../../config/machine.ts';
import { flagOf, type Setting } from '../../config/setting.ts';
import { SETTINGS, SETTINGS_OF, type DaemonName, type SettingName } from '../../config/settings.ts';

interface ConfigRow {
  readonly setting: string;
  readonly value: unknown;
  /** `environment`, a file's path, or `default`. */
  readonly origin: string;
}

export function configCommand(): Command {
  const command = clientCommand('config')
    .description(
      'Show every setting, its value here, and where that comes from: the environment, a file, or the default.',
    )
    .argument('[daemon]', 'only what this one takes: standalone, serve or worker');
  withExamples(command, ['jobsched config', 'jobsched config worker', 'jobsched config -o json']);
  return addFormatOptions(command).action((daemon: string | undefined, flags: ClientFlags) =>
    withoutServer(flags, async (session) => {
      const rows = await settings(daemon, flags);
      return showRows(session, {
        name: 'settings',
        ask: () => rows,
        columns,
        id: ({ setting }) => setting,
        empty: '',
        limit: Number.POSITIVE_INFINITY,
      });
    }),
  );
}

async function settings(daemon: string | undefined, flags: ClientFlags): Promise<readonly ConfigRow[]> {
  if (daemon !== undefined && !(daemon in SETTINGS_OF)) {
    throw new UsageError(`no daemon is called ${daemon}`, 'There are: standalone, serve, worker');
  }
  const machine = thisMachine();
  const { url, from } = await findServer(flags, machine);
  const names = daemon === undefined ? (Object.keys(SETTINGS) as SettingName[]) : SETTINGS_OF[daemon as DaemonName];
  const { settings: values, origins } = await loadSettings<SettingName>(names, {}, machine);
  const rows = names.map((name): ConfigRow => {
    const { secret }: Setting<unknown> = SETTINGS[name];
    const value: unknown = values[name];
    const isHidden = secret === true && value !== null && value !== undefined;
    return { setting: flagOf(name).slice(2), value: isHidden ? '(secret)' : value, origin: origins[name] };
  });
  return daemon === undefined ? [{ setting: 'server', value: url.href, origin: from ?? 'default' }, ...rows] : rows;
}

function columns({ paint }: RowsContext): readonly TableColumn<ConfigRow>[] {
  return [
    { title: 'SETTING', cell: ({ setting }) => setting, paint: () => paint.strong },
    { title: 'VALUE', cell: ({ value }) => valueWords(value), least: 12, most: 80 },
    {
      title: 'FROM',
      cell: ({ origin }) => origin,
      paint: ({ origin }) => (origin === 'default' ? paint.quiet : String),
      least: 12,
    },
  ];
}

function valueWords(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(valueWords).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
