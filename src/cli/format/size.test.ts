import { expect, test } from 'vitest';
import { size } from './size.ts';

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_024, '1.0 KiB'],
  [1_536, '1.5 KiB'],
  [1_048_575, '1.0 MiB'],
  [640 * 1_024 * 1_024, '640 MiB'],
  [5 * 1_024 ** 5, '5120 TiB'],
])('%d bytes are %s', (bytes, words) => expect(size(bytes)).toBe(words));
