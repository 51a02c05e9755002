/** `jobsched context list`: the servers that have a name here. Asks none of them, and shows no key. */
import { showRows, type RowsContext } from '../rows.ts';
import type { Session } from '../session.ts';
import type { TableColumn } from '../table.ts';
import { readContexts } from '../../config/contexts.ts';
import { thisMachine } from '../../config/machine.ts';

interface ContextRow {
  readonly name: string;
  readonly server: string;
  /** Where its key is: a file's path, `here`, or null for none. */
  readonly key: string | null;
  readonly in_use: boolean;
}

export function listContexts(session: Session): Promise<number> {
  const { current, all } = readContexts(thisMachine());
  const rows = all
    .map(({ name, server, keyFile, key }): ContextRow => {
      return { name, server, key: keyFile ?? (key === null ? null : 'here'), in_use: name === current };
    })
    .toSorted((one, other) => one.name.localeCompare(other.name, 'en'));
  return showRows(session, {
    name: 'contexts',
    ask: () => rows,
    columns,
    id: ({ name }) => name,
    empty: `no contexts · ${session.program()} context add NAME --server URL makes one`,
    limit: Number.POSITIVE_INFINITY,
  });
}

function columns({ paint }: RowsContext): readonly TableColumn<ContextRow>[] {
  return [
    { title: '', cell: ({ in_use: isUsed }) => (isUsed ? '*' : ' ') },
    { title: 'NAME', cell: ({ name }) => name, paint: () => paint.strong, least: 12 },
    { title: 'SERVER', cell: ({ server }) => server, least: 12 },
    { title: 'KEY', cell: ({ key }) => key ?? '–', least: 8, dispensable: 1 },
  ];
}
