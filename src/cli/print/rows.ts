/**
 * A list on standard output, however long: rows are written as they come, so that a list of thousands begins at once and
 * is never all in memory. Tables take their widths from the first rows.
 */
import { isData, jsonLine, selected, type DataFormat } from './data.ts';
import { EXIT } from '../exit-code.ts';
import { checkFields, fieldText } from '../options/fields.ts';
import { escapeJson } from '../format/escape.ts';
import { idLine } from './id-line.ts';
import type { Paint } from './paint.ts';
import type { Session } from '../session.ts';
import { layOutTable, type TableColumn, type TableLayout } from './table.ts';
import { widthOf, write } from './terminal.ts';
import { watch } from '../live/watch.ts';
import type { Instant } from '../../domain/instant.ts';

export interface RowsContext {
  readonly paint: Paint;
  readonly now: Instant;
}

export interface Rows<Row> {
  /** What the list is called in JSON: `jobs`. */
  readonly name: string;
  /** All there are, a page at a time. */
  readonly ask: () => AsyncIterable<Row> | Iterable<Row>;
  readonly columns: (context: RowsContext) => readonly TableColumn<Row>[];
  /** What a row goes by: how `--watch` knows it again, and what `-o id` shows. */
  readonly id: (row: Row) => string;
  /** For a person, instead of an empty table. What takes a question to the server is asked only then. */
  readonly empty: string | (() => Promise<string>);
  readonly limit: number;
}

/** How many rows are laid out together. */
const CHUNK = 200;

/** @returns the exit code: Ctrl-C ends only a `--watch`. */
export async function showRows<Row extends object>(session: Session, rows: Rows<Row>): Promise<number> {
  if (session.watches) {
    return watch(session, { frame: () => frame(session, rows), objects: () => objects(session, rows) });
  }
  const { format } = session;
  const more = isData(format)
    ? await writeData(session, rows, format)
    : await writeTable(session, rows, (text) => write(session.out, text));
  if (more && (format === 'table' || format === 'wide' || format === 'id')) {
    session.hint(`the newest ${rows.limit} · --all shows the others`);
  }
  return EXIT.ok;
}

async function emptyWords<Row>({ empty }: Rows<Row>): Promise<string> {
  return typeof empty === 'string' ? empty : empty();
}

/** Chunks of rows; the last value says whether there are more than `limit`. */
async function* chunks<Row>({ ask, limit }: Rows<Row>): AsyncGenerator<readonly Row[], boolean> {
  let chunk: Row[] = [];
  let count = 0;
  for await (const row of ask()) {
    if (count === limit) {
      yield chunk;
      return true;
    }
    chunk.push(row);
    count += 1;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
  return false;
}

/** Hands each chunk on. @returns whether there are more. */
async function forEachChunk<Row>(rows: Rows<Row>, take: (chunk: readonly Row[]) => Promise<void>): Promise<boolean> {
  const all = chunks(rows);
  for (;;) {
    const step = await all.next();
    if (step.done === true) return step.value;
    await take(step.value);
  }
}

async function writeTable<Row extends object>(
  session: Session,
  rows: Rows<Row>,
  print: (text: string) => Promise<void>,
): Promise<boolean> {
  let layout: TableLayout<Row> | null = null;
  const more = await forEachChunk(rows, async (chunk) => {
    const isFirst = layout === null;
    layout ??= await layOut(session, rows, chunk);
    await print((isFirst ? layout.header() : '') + layout.lines(chunk));
  });
  if (layout === null && session.err.isTTY) session.hint(await emptyWords(rows));
  return more;
}

async function layOut<Row extends object>(
  session: Session,
  rows: Rows<Row>,
  sample: readonly Row[],
): Promise<TableLayout<Row>> {
  const { out, format, fields } = session;
  const paint = await session.paintFor(out);
  if (fields !== null) checkFields(sample[0], fields);
  const columns = fields === null ? rows.columns({ paint, now: session.moment().now }) : fieldColumns<Row>(fields);
  if (format !== 'wide') {
    return layOutTable(
      columns.filter(({ onlyWide }) => !onlyWide),
      sample,
      widthOf(out),
      paint,
    );
  }
  const whole = columns.map(({ most: _, mostPadded: __, ...column }) => column);
  return layOutTable(whole, sample, Number.POSITIVE_INFINITY, paint);
}

function fieldColumns<Row>(fields: readonly string[]): readonly TableColumn<Row>[] {
  return fields.map((name) => ({ title: name.toUpperCase(), cell: (row) => fieldText(row, name), least: 8 }));
}

async function writeData<Row extends object>(session: Session, rows: Rows<Row>, format: DataFormat): Promise<boolean> {
  const { out, fields } = session;
  const { begin, row, end } = await form(rows, format);
  let count = 0;
  const more = await forEachChunk(rows, async (chunk) => {
    if (count === 0) {
      if (fields !== null) checkFields(chunk[0], fields);
      await write(out, begin);
    }
    await write(out, chunk.map((each, index) => row(each, selected(each, fields), count + index === 0)).join(''));
    count += chunk.length;
  });
  await write(out, end(count, more));
  return more;
}

interface Form<Row> {
  readonly begin: string;
  readonly row: (row: Row, shown: object, isFirst: boolean) => string;
  readonly end: (count: number, more: boolean) => string;
}

/** A list as the API shows it, its name before the rows and whether there are more after them; or just rows. */
async function form<Row extends object>({ name, id }: Rows<Row>, format: DataFormat): Promise<Form<Row>> {
  const nothing = (): string => '';
  if (format === 'id') return { begin: '', row: (row) => idLine({ id: id(row) }), end: nothing };
  if (format === 'jsonl') return { begin: '', row: (_, shown) => jsonLine(shown), end: nothing };
  if (format === 'yaml') {
    const { formatYaml } = await import('../format/yaml.ts');
    return {
      begin: `${name}:\n`,
      row: (_, shown) => formatYaml([shown]),
      end: (count, more) => `${count === 0 ? `${name}: []\n` : ''}more: ${more}\n`,
    };
  }
  return {
    begin: `{\n  "${name}": [`,
    row: (_, shown, isFirst) => `${isFirst ? '' : ','}\n${indented(shown)}`,
    end: (count, more) => `${count === 0 ? `{\n  "${name}": []` : '\n  ]'},\n  "more": ${more}\n}\n`,
  };
}

const indented = (value: unknown): string => escapeJson(JSON.stringify(value, null, 2)).replace(/^/gm, '    ');

/** All of it as one text, for a screen that is drawn anew. */
async function frame<Row extends object>(session: Session, rows: Rows<Row>): Promise<string> {
  const { format } = session;
  let text = '';
  const unheard = { ...session, hint: () => undefined };
  if (!isData(format)) await writeTable(unheard, rows, async (piece) => void (text += piece));
  else await forEachChunk(rows, async (chunk) => void (text += chunk.map(jsonLine).join('')));
  return text === '' ? `${await emptyWords(rows)}\n` : text;
}

async function objects<Row extends object>(session: Session, rows: Rows<Row>): Promise<ReadonlyMap<string, string>> {
  const lines = new Map<string, string>();
  await forEachChunk(rows, async (chunk) => {
    if (session.fields !== null) checkFields(chunk[0], session.fields);
    for (const row of chunk) lines.set(rows.id(row), jsonLine(selected(row, session.fields)));
  });
  return lines;
}
