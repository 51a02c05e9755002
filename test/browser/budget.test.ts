/** What a first visit loads, as it is sent. */
import { expect, test } from 'vitest';
import { PAGE_ASSETS } from '../../src/http/page/assets.ts';

const KB = 1_024;

test.each([
  ['.js', 60 * KB],
  ['.css', 12 * KB],
])('%s files stay below %i bytes', (extension, budget) => {
  const files = Object.entries(PAGE_ASSETS.files).filter(([name]) => name.endsWith(extension));
  const sent = files.map(([, { brotli, identity }]) => Buffer.from(brotli ?? identity, 'base64').length);
  expect(files.length).toBeGreaterThan(0);
  expect(sent.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(budget);
});
