/** `jobsched context list`: the servers that have a name here. Asks none of them, and neither reads a key nor shows one. */
import { accessSync, constants } from 'node:fs';
import { escapeLine } from '../format/escape.ts';
import { showRows, type RowsContext } from '../print/rows.ts';
import type { Session } from '../session.ts';
import type { TableColumn } from '../print/table.ts';
import { isExposed } from '../../config/client-key.ts';
import { readContexts } from '../../config/contexts.ts';
import { thisMachine } from '../../config/machine.ts';

interface ContextRow {
  readonly name: string;
  readonly server: string;
  /** Where its key is: a file's path, `here`, or null for none. */
  readonly key: string | null;
  /** What is wrong with that file: `not there`, `not readable`, `readable by others`. */
  readonly key_problem: string | null;
  readonly in_use: boolean;
}

export async function listContexts(session: Session): Promise<number> {
  const { current, all } = readContexts(thisMachine());
  const rows = all
    .map(({ name, server, keyFile, key }): ContextRow => {
      return {
        name,
        server,
        key: keyFile ?? (key === null ? null : 'here'),
        key_problem: keyFile === null ? null : problemOf(keyFile),
        in_use: name === current,
      };
    })
    .toSorted((one, other) => one.name.localeCompare(other.name, 'en'));
  const code = await showRows(session, {
    name: 'contexts',
    ask: () => rows,
    columns,
    id: ({ name }) => name,
    empty: `no contexts · ${session.program()} context add NAME --server URL makes one`,
    limit: Number.POSITIVE_INFINITY,
  });
  if (current !== null && session.context !== current) {
    session.err.write(`${escapeLine(`note: here ${session.serverFrom ?? ''} comes first`)}\n`);
  }
  return code;
}

function problemOf(keyFile: string): string | null {
  try {
    accessSync(keyFile, constants.R_OK);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES' ? 'not readable' : 'not there';
  }
  return isExposed(keyFile) ? 'readable by others' : null;
}

function keyWords({ key, key_problem: problem }: ContextRow): string {
  return problem === null ? (key ?? '–') : `${key ?? ''} (${problem})`;
}

function columns({ paint }: RowsContext): readonly TableColumn<ContextRow>[] {
  return [
    { title: '', cell: ({ in_use: isUsed }) => (isUsed ? '*' : ' ') },
    { title: 'NAME', cell: ({ name }) => name, paint: () => paint.strong, least: 12 },
    { title: 'SERVER', cell: ({ server }) => server, least: 12 },
    { title: 'KEY', cell: keyWords, least: 8, dispensable: 1 },
  ];
}
