/** What the documentation points at is there. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '..');
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).toSorted();

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');

  test('links to files that exist', () => {
    const links = [
      ...text.matchAll(/\]\((?!https?:|#)(?<path>[^)#\s]+)|(?:src|srcset)="(?!https?:)(?<image>[^"]+)"/gu),
    ];
    const targets = links.map(({ groups }) => groups?.['path'] ?? groups?.['image'] ?? '');
    expect(targets.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
  });

  test('names sources, tests and folders that exist', () => {
    const named = [...text.matchAll(/`(?<path>(?:src|test|scripts|static|bin|docs)\/[\w./-]*\w\/?)`/gu)];
    const paths = named.map(({ groups }) => groups?.['path'] ?? '');
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const named = [...text.matchAll(/npm (?:run )?(?<name>start|test(?::\w+)?|(?<=run )[\w:-]+)/gu)];
    const names = named.map(({ groups }) => groups?.['name'] ?? '');
    expect(names.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });
});
