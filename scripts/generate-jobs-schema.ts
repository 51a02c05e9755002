/**
 * Writes docs/jobs.schema.json, by which editors check and complete files for `jobsched apply`, from the schema that the
 * API judges jobs by; `--check` fails when the file says anything else.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { newJobBody } from '../src/http/schema/job-body.ts';

const FILE = 'docs/jobs.schema.json';

const { $defs = {}, $schema } = z.toJSONSchema(newJobBody, { io: 'input' });
const document = {
  $schema,
  title: 'Jobs for jobsched apply',
  description: 'A map from names to jobs. Names that begin with a dot are no jobs: a place for YAML anchors.',
  type: 'object',
  propertyNames: { pattern: String.raw`^(\..*|[A-Za-z0-9][A-Za-z0-9_.-]{0,63})$` },
  patternProperties: { [String.raw`^[^.]`]: { $ref: '#/$defs/NewJob' } },
  $defs,
};
const text = JSON.stringify(document, null, 2);

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, `${text}\n`);
  // Formatted as everything is. Without the formatter the content is the same.
  spawnSync('oxfmt', [FILE]);
} else if (!isDeepStrictEqual(JSON.parse(readFileSync(FILE, 'utf8')), JSON.parse(text))) {
  process.stderr.write(`${FILE} is stale: run node scripts/generate-jobs-schema.ts\n`);
  process.exitCode = 1;
}
