/**
 * Chaos for as long as one likes (`npm run chaos`): prints what came of it, and exits with 1 when anything is wrong.
 *
 *   --minutes 20 --seed 7                       the rest as by default: three servers, three workers, 100 jobs
 *   --faults 'kill redis,freeze worker'         only these; --json for programs; --history <file> keeps what was judged
 *   --judge <file> --seed 7                     nothing but to judge such a history again
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MINUTE } from '../../src/domain/instant.ts';
import { runChaos } from './chaos.ts';
import { check } from './checker.ts';
import { FAULT_KINDS } from './fault-plan.ts';
import type { History } from './history.ts';
import { reportOn, reportText, type Report } from './report.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    servers: { type: 'string', default: '3' },
    workers: { type: 'string', default: '3' },
    jobs: { type: 'string', default: '100' },
    faults: { type: 'string' },
    history: { type: 'string' },
    judge: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const asked = values.faults?.split(',').map((kind) => kind.trim());
const kinds = asked === undefined ? FAULT_KINDS : FAULT_KINDS.filter((kind) => asked.includes(kind));
if (asked !== undefined && kinds.length < asked.length) throw new Error(`faults are: ${FAULT_KINDS.join(', ')}`);
const seed = Number(values.seed);
const report = values.judge === undefined ? await play() : judge(values.judge);
console.log(values.json ? JSON.stringify(report, null, 2) : reportText(report));
process.exitCode = report.violations.length === 0 ? 0 : 1;

function judge(file: string): Report {
  const history = JSON.parse(readFileSync(file, 'utf8')) as History;
  return reportOn(seed, history, check(history));
}

function play(): Promise<Report> {
  return runChaos({
    seed,
    duration: Number(values.minutes) * MINUTE,
    servers: Number(values.servers),
    workers: Number(values.workers),
    jobs: Number(values.jobs),
    kinds,
    tell: (line) => console.error(line),
    ...(values.history !== undefined && { keepHistory: values.history }),
  });
}
