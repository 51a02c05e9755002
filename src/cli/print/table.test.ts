import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createPaint, NO_PAINT } from './paint.ts';
import { formatTable, type TableColumn } from './table.ts';

interface Row {
  readonly name: string;
  readonly command: string;
}

const COLUMNS: readonly TableColumn<Row>[] = [
  { title: 'NAME', cell: (row) => row.name },
  { title: 'COMMAND', cell: (row) => row.command, least: 10 },
];
const ROWS: readonly Row[] = [
  { name: 'tick', command: 'date' },
  { name: 'nightly', command: `echo ${'x'.repeat(200)}` },
];

test('columns line up, and no line ends in blanks', async () => {
  expect(await formatTable(COLUMNS, ROWS.slice(0, 1), Number.POSITIVE_INFINITY, NO_PAINT)).toBe(
    'NAME  COMMAND\ntick  date\n',
  );
});

test.each([40, 80, 120])('no line is wider than a terminal of %d columns', async (width) => {
  const table = await formatTable(COLUMNS, ROWS, width, NO_PAINT);
  for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  expect(table).toMatch(/echo x+…/);
});

test('wide characters count for what they take', async () => {
  const table = await formatTable(COLUMNS, [{ name: '日本', command: '日'.repeat(30) }, ...ROWS], 30, NO_PAINT);
  expect(table.split('\n')[1]).toMatch(/^日本 {5}日{9,10}…$/);
});

test('colour changes no width, and control characters reach no cell', async () => {
  const paint = await createPaint(true);
  const columns = COLUMNS.map((column) => ({ ...column, paint: () => paint.bad }));
  const rows = [...ROWS, { name: 'evil', command: '\u001b]0;owned\u0007' }];
  const painted = await formatTable(columns, rows, 40, paint);
  expect(painted).toContain('\u001b[31m');
  expect(painted).not.toContain('\u001b]');
  expect(stripVTControlCharacters(painted)).toBe(await formatTable(COLUMNS, rows, 40, NO_PAINT));
});

describe('where there is an edge', () => {
  const columns: readonly TableColumn<Row>[] = [
    { title: 'NAME', cell: (row) => row.name, least: 4 },
    { title: 'STATE', cell: () => 'succeeded', dispensable: 1 },
    { title: 'COMMAND', cell: (row) => row.command, least: 10, dispensable: 2 },
  ];

  test.each([
    [30, 'NAME     STATE      COMMAND'],
    [26, 'NAME     STATE'],
    [14, 'NAME'],
    [2, 'NAME'],
  ])('what does not fit %d columns is left out, by its rank', async (width, header) => {
    expect((await formatTable(columns, ROWS, width, NO_PAINT)).split('\n')[0]).toBe(header);
  });

  test('a column that wraps goes on below itself', async () => {
    const wrapping: readonly TableColumn<Row>[] = [
      { title: 'NAME', cell: (row) => row.name },
      { title: 'COMMAND', cell: (row) => row.command, least: 10, wraps: true },
    ];
    const rows = [{ name: 'a', command: 'one two three four' }, ...ROWS.slice(0, 1)];
    expect(await formatTable(wrapping, rows, 20, NO_PAINT)).toBe(
      'NAME  COMMAND\na     one two three\n      four\ntick  date\n',
    );
  });
});

test('where there is no edge, one long text does not blow up every row', async () => {
  const columns: readonly TableColumn<Row>[] = [
    { title: 'NAME', cell: (row) => row.name, mostPadded: 6 },
    { title: 'COMMAND', cell: (row) => row.command, most: 10 },
  ];
  expect(await formatTable(columns, ROWS, Number.POSITIVE_INFINITY, NO_PAINT)).toBe(
    'NAME    COMMAND\ntick    date\nnightly  echo xxxx…\n',
  );
});
