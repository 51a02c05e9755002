import { expect, test } from 'vitest';
import { csvCell, csvOf } from './csv.ts';

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  [-1, '-1'],
  [null, ''],
  [false, 'false'],
  [{ count: 1 }, '"{""count"":1}"'],
])('%j is %s', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

test('a header and a line each', () => {
  expect(csvOf([{ id: 'x', number: 2, more: 1 }], ['id', 'number', 'gone'])).toBe('id,number,gone\r\nx,2,\r\n');
});
