/** What `jobsched help <topic>` tells that belongs to no command. */
import { EXIT_MEANINGS } from '../exit-code.ts';

export interface Topic {
  readonly name: string;
  /** One line in `jobsched --help`. */
  readonly summary: string;
  readonly rows: readonly (readonly [term: string, words: string])[];
}

export const TOPICS: readonly Topic[] = [
  { name: 'exit-codes', summary: 'what the commands exit with', rows: EXIT_MEANINGS },
  {
    name: 'names',
    summary: 'how jobs and runs are called',
    rows: [
      ['nightly', 'a job, by its name'],
      ['0199a6c2', 'a job, by the first characters of its id, four or more, or all of it'],
      ['nightly#42', "a job's 42nd run; 0199a6c2#1 of a job without a name"],
      ['0199a6c2-….42', 'a run, by its id'],
      ['a job for a run', 'logs, wait and retry take it for its latest run'],
    ],
  },
  {
    name: 'schedules',
    summary: 'how schedules are written; `jobsched next` shows what one means',
    rows: [
      ["'0 2 * * *'", 'minute, hour, day, month, day of the week: at 02:00'],
      ["'*/10 * * * * *'", 'six fields begin with seconds: every 10 seconds'],
      ["'0 8 * * MON-FRI'", 'names of days and months, ranges, lists'],
      ["'0 0 L * *'", 'the last day of the month; 15W the weekday nearest to the 15th; 5#3 the third Friday'],
      ['@hourly', 'and @daily, @weekly, @monthly, @yearly'],
      ["'@every 90s'", 'at that distance, from the start of the job'],
    ],
  },
  {
    name: 'formats',
    summary: 'what -o and --fields print',
    rows: [
      ['-o table', 'for people, as wide as the terminal; it may change'],
      ['-o wide', 'with more columns, and nothing cut off'],
      ['-o json', "the API's own objects, which only ever gain fields"],
      ['-o jsonl', 'the same, each on a line of its own'],
      ['-o yaml', 'the same as YAML'],
      ['-o id', 'only ids, for xargs'],
      ['--fields', 'only these fields; a.b is b in a'],
      ['--watch', 'anew at each change; to a pipe what changed, as jsonl'],
    ],
  },
  {
    name: 'environment',
    summary: 'the variables that commands look at',
    rows: [
      ['JOBSCHED_SERVER', 'the server to ask, unless --server names one'],
      ['JOBSCHED_CONTEXT', 'the context to ask in, unless a flag or JOBSCHED_SERVER says otherwise'],
      ['JOBSCHED_KEY', 'the key to show it; JOBSCHED_KEY_FILE: a file that holds it'],
      ['JOBSCHED_…', 'settings of the daemons: jobsched config lists them'],
      ['NO_COLOR', 'no colour; FORCE_COLOR: colour also into a pipe'],
      ['TERM=dumb', 'no colour'],
      ['VISUAL, EDITOR', 'what jobsched edit opens'],
      ['TZ', 'the zone that times are shown in; --utc: UTC'],
      ['NODE_EXTRA_CA_CERTS', 'a file with authorities to trust besides the usual ones'],
    ],
  },
];
