/** One thing on standard output: a sheet for people, data for programs, and with `--watch` again and again. */
import { formatData, isData } from './data.ts';
import { EXIT } from '../exit-code.ts';
import { checkFields, fieldText } from '../options/fields.ts';
import type { SheetContext } from '../job/job-sheet.ts';
import type { Session } from '../session.ts';
import { formatSheet } from './sheet.ts';
import { widthOf, write } from './terminal.ts';
import { watch } from '../live/watch.ts';

export interface Shown<Value> {
  readonly ask: () => Promise<Value>;
  readonly sheet: (value: Value, context: SheetContext) => Promise<string>;
}

/** @returns the exit code: Ctrl-C ends only a `--watch`. */
export async function show<Value extends object>(session: Session, shown: Shown<Value>): Promise<number> {
  const { format, fields, out } = session;
  const text = async (): Promise<string> => {
    const value = await shown.ask();
    return isData(format) ? formatData(value, format, fields) : sheetOf(session, value, shown.sheet);
  };
  if (session.watches) {
    const objects = async (): Promise<ReadonlyMap<string, string>> =>
      new Map([['', await formatData(await shown.ask(), 'jsonl', fields)]]);
    return watch(session, { frame: text, objects });
  }
  await write(out, await text());
  return EXIT.ok;
}

/** As `--fields` wants it, else its own sheet. @throws UsageError for a field that there is not. */
export async function sheetOf<Value extends object>(
  session: Session,
  value: Value,
  sheet: Shown<Value>['sheet'],
): Promise<string> {
  const { fields } = session;
  const context = await sheetContext(session);
  if (fields === null) return sheet(value, context);
  checkFields(value, fields);
  return formatSheet(
    fields.map((name) => [name, fieldText(value, name)]),
    context,
  );
}

async function sheetContext(session: Session): Promise<SheetContext> {
  const paint = await session.paintFor(session.out);
  return { moment: session.moment(), paint, width: widthOf(session.out) };
}
