/** One thing on standard output: a sheet for people, data for programs, and with `--watch` again and again. */
import { formatData, isData, jsonLine, selected } from './data.ts';
import { EXIT } from '../exit-code.ts';
import { fieldText } from '../options/fields.ts';
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
    if (isData(format)) return formatData(value, format, fields);
    const context = await sheetContext(session);
    if (fields === null) return shown.sheet(value, context);
    return formatSheet(
      fields.map((name) => [name, fieldText(value, name)]),
      context,
    );
  };
  if (session.watches) {
    const objects = async (): Promise<ReadonlyMap<string, string>> =>
      new Map([['', jsonLine(selected(await shown.ask(), fields))]]);
    return watch(session, { frame: text, objects });
  }
  await write(out, await text());
  return EXIT.ok;
}

export async function sheetContext(session: Session): Promise<SheetContext> {
  const paint = await session.paintFor(session.out);
  return { moment: session.moment(), paint, width: widthOf(session.out) };
}
