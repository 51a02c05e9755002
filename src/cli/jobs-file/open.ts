/** Reads and judges the file that somebody named. */
import { readFile } from 'node:fs/promises';
import { text as readText } from 'node:stream/consumers';
import { checkJobs, type CheckedJob } from './check.ts';
import { readJobsFile, type FileProblem } from './read.ts';
import { JobschedError } from '../../errors.ts';

/** @throws JobschedError `invalid_request` that names each fault with its line and column. */
export async function openJobsFile(file: string, timezone: string): Promise<readonly CheckedJob[]> {
  const { jobs, problems } = await checkJobs(await readJobsFile(await readInput(file)), timezone);
  if (problems.length === 0) return jobs;
  const name = file === '-' ? 'stdin' : file;
  throw new JobschedError('invalid_request', `${name} has ${count(problems)}`, {
    hint: problems.map((problem) => `${name}:${problem.line}:${problem.column}: ${problem.message}`).join('\n'),
  });
}

const count = ({ length }: readonly FileProblem[]): string => `${length} ${length === 1 ? 'fault' : 'faults'}`;

/** @param file `-` is standard input. @throws JobschedError `invalid_request` when there is none to read. */
export async function readInput(file: string): Promise<string> {
  if (file === '-') return readText(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new JobschedError('invalid_request', `${file} cannot be read (${code})`, { cause: error });
  }
}
