/** Writes docs/openapi.json from the route table; `--check` fails when the file says anything else. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };
import { openApiDocument } from '../src/http/routes/openapi-document.ts';
import { ROUTES } from '../src/http/routes/table.ts';

const FILE = 'docs/openapi.json';
// As it is sent: what JSON cannot hold is gone.
const text = JSON.stringify(openApiDocument(ROUTES, packageJson.version), null, 2);

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, `${text}\n`);
  // Formatted as everything is. Without the formatter the content is the same.
  spawnSync('oxfmt', [FILE]);
} else if (!isDeepStrictEqual(JSON.parse(readFileSync(FILE, 'utf8')), JSON.parse(text))) {
  process.stderr.write(`${FILE} is stale: run node scripts/generate-openapi.ts\n`);
  process.exitCode = 1;
}
