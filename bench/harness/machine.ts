/** On what a run was measured. */
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

export function describeMachine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${first?.model.trim() || 'unknown'}), ${memory} GiB, Linux ${release()}`;
}

export function describeVersions(redis: string): string {
  return [
    `jobsched ${versionOf('..')}`,
    `Node ${process.versions.node}`,
    `Redis ${redis}`,
    `BullMQ ${versionOf('node_modules/bullmq')}`,
    `bee-queue ${versionOf('node_modules/bee-queue')}`,
  ].join(', ');
}

function versionOf(folder: string): string {
  const manifest = readFileSync(join(import.meta.dirname, '..', folder, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
