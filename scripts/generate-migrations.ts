/**
 * Puts the SQL of `src/store/sqlite/migrations/` into a TypeScript file, so that a bundle and the single binary carry it.
 *
 *   node scripts/generate-migrations.ts           writes it
 *   node scripts/generate-migrations.ts --check   exits 1 when it is stale
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'src/store/sqlite/migrations');
const target = join(root, 'src/store/sqlite/generated/migrations.ts');

const wanted = generate(readdirSync(folder).toSorted());
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== wanted) {
    console.error(`${target} is stale: run node scripts/generate-migrations.ts`);
    process.exit(1);
  }
} else {
  writeFileSync(target, wanted);
}

/** @throws Error unless the files are numbered 0001, 0002… without a gap. */
function generate(files: readonly string[]): string {
  const entries = files.map((file, index) => {
    if (!file.startsWith(`${String(index + 1).padStart(4, '0')}_`) || !file.endsWith('.sql')) {
      throw new Error(`${file} is not migration number ${index + 1}`);
    }
    const sql = readFileSync(join(folder, file), 'utf8').replaceAll(/[\\`]|\$\{/g, String.raw`\$&`);
    return `  {\n    version: ${index + 1},\n    name: '${file.slice(5, -4)}',\n    sql: \`${sql}\`,\n  },\n`;
  });
  return [
    '/** Made by scripts/generate-migrations.ts from migrations/*.sql. Do not edit. */\n',
    "import type { Migration } from '../file/migrate.ts';\n\n",
    '/** All of them, in order: number n takes a database from version n − 1 to n. */\n',
    `export const MIGRATIONS: readonly Migration[] = [\n${entries.join('')}];\n`,
  ].join('');
}
