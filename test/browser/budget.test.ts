/** What a first visit loads, as it is sent: not what it loads later, screen by screen. */
import { expect, test } from 'vitest';
import { PAGE_ASSETS } from '../../src/http/page/assets.ts';
import type { PageFile } from '../../src/http/page/page.ts';
import { there } from './support/site.ts';

const KB = 1_024;

test.each([
  ['.js', 60 * KB],
  ['.css', 12 * KB],
])('%s files stay below %i bytes', (extension, budget) => {
  const names = [...reachable('/index.html')].filter((name) => name.endsWith(extension));
  expect(names.length).toBeGreaterThan(0);
  expect(names.reduce((sum, name) => sum + sentBytes(name), 0)).toBeLessThan(budget);
});

const fileOf = (name: string): PageFile => there(PAGE_ASSETS.files[name]);
const textOf = (name: string): string => Buffer.from(fileOf(name).identity, 'base64').toString();

function sentBytes(name: string): number {
  const { brotli, identity } = fileOf(name);
  return Buffer.from(brotli ?? identity, 'base64').length;
}

/** The page, what it names, and what that imports before it runs; not what it imports with `import()`. */
function reachable(name: string, seen = new Set<string>()): ReadonlySet<string> {
  seen.add(name);
  const named = name.endsWith('.html') ? /(?:src|href)="(?<file>[^"/]+)"/g : /(?:from|import)"\.\/(?<file>[^"]+)"/g;
  for (const { groups } of textOf(name).matchAll(named)) {
    const file = `/${groups?.['file']}`;
    if (!seen.has(file)) reachable(file, seen);
  }
  return seen;
}
