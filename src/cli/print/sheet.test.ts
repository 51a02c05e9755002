import { expect, test } from 'vitest';
import { NO_PAINT } from './paint.ts';
import { formatSheet } from './sheet.ts';

const COMMAND = './backup.sh --target /mnt/backup --level 19';

test('a long value is a block beside its label', async () => {
  expect(
    await formatSheet(
      [
        ['command', COMMAND],
        ['id', '1'],
        ['why', null],
      ],
      { paint: NO_PAINT, width: 40 },
    ),
  ).toBe('  command  ./backup.sh --target\n           /mnt/backup --level 19\n  id       1\n');
});

test('where there is no edge it is one line, with its line breaks shown', async () => {
  const look = { paint: NO_PAINT, width: Number.POSITIVE_INFINITY };
  expect(await formatSheet([['command', `${COMMAND}\ntrue`]], look)).toBe(`  command  ${COMMAND}\\ntrue\n`);
});
