/**
 * A whole crontab as jobs. What a line became is told of every line, and whoever loses something by it is told in words:
 * nothing is dropped in silence.
 */
import { readCommand } from './command-text.ts';
import { readLines, type Comment, type Entry, type Line, type Variable } from './line.ts';
import { nameFor, uniqueName } from './name.ts';
import { cronTime } from './schedule.ts';
import { settingsAfter, START, type CronSettings } from './settings.ts';
import { commandAs } from './user.ts';
import { USERS_FILE } from './users.ts';
import type { NewJobBody } from '../../client/client.ts';
import { parseSchedule } from '../../domain/schedule/schedule.ts';
import { JobschedError } from '../../errors.ts';

export interface ImportOptions {
  /** Whether lines name their user, as in /etc/crontab. */
  readonly system: boolean;
  /** The zone of times before any CRON_TZ. */
  readonly timezone: string;
  /** Who imports: lines of this user need no other. */
  readonly user: string;
  /** Whether runs may overlap, and missed ones are gone, as under cron. */
  readonly likeCron: boolean;
  /** Those of this machine; null: not known. */
  readonly users: ReadonlySet<string> | null;
}

/** `left out`: what it said is not carried over. */
export type Fate = 'blank' | 'job' | 'description' | 'setting' | 'left out';

export interface Note {
  /** From 1. */
  readonly line: number;
  /**
   * `left out`: it is gone; `changed`: it is carried over, and means something else in some way; `mind`: it is carried
   * over as it stands, and most likely means something else than whoever wrote it thought.
   */
  readonly kind: 'left out' | 'changed' | 'mind';
  readonly text: string;
}

export interface Imported {
  /** By name, in the order of the file. */
  readonly jobs: ReadonlyMap<string, NewJobBody>;
  readonly notes: readonly Note[];
  /** One for each line. */
  readonly fates: readonly Fate[];
}

export function convertCrontab(text: string, options: ImportOptions): Imported {
  const conversion = new Conversion(options);
  for (const [index, line] of readLines(text, options.system).entries()) conversion.take(line, index + 1);
  return conversion.end();
}

/** A user is never called like that. */
const TIME_FIELD = /^[\d*][\d*/,-]*$/;

const MOST_DESCRIPTION_BYTES = 4 * 1_024;

class Conversion {
  readonly #options: ImportOptions;
  readonly #jobs = new Map<string, NewJobBody>();
  readonly #notes: Note[] = [];
  readonly #fates: Fate[] = [];
  #settings: CronSettings;
  /** Comments right above: of the job that comes next, if one does. */
  #above: { readonly line: number; readonly text: string }[] = [];

  constructor(options: ImportOptions) {
    this.#options = options;
    this.#settings = { ...START, timezone: options.timezone };
  }

  take(line: Line, number: number): void {
    switch (line.kind) {
      case 'comment':
        return this.#comment(line, number);
      case 'entry':
        return this.#entry(line, number);
      case 'variable':
        this.#leaveComments();
        return this.#variable(line, number);
      case 'unreadable':
        this.#leaveComments();
        return this.#leave(number, line.why);
      case 'blank':
        this.#leaveComments();
        this.#fates.push('blank');
    }
  }

  end(): Imported {
    this.#leaveComments();
    const notes = this.#notes.toSorted((a, b) => a.line - b.line);
    return { jobs: this.#jobs, notes, fates: this.#fates };
  }

  #leave(line: number, text: string): void {
    this.#fates.push('left out');
    this.#notes.push({ line, kind: 'left out', text });
  }

  #change(line: number, text: string): void {
    this.#notes.push({ line, kind: 'changed', text });
  }

  #mind(line: number, text: string): void {
    this.#notes.push({ line, kind: 'mind', text });
  }

  #comment({ text }: Comment, number: number): void {
    if (isSwitchedOff(text, this.#options.system)) {
      this.#leaveComments();
      return this.#leave(number, `is a job that is switched off: ${text}`);
    }
    this.#fates.push('description');
    this.#above.push({ line: number, text });
  }

  /** No job follows them. */
  #leaveComments(): void {
    for (const { line, text } of this.#above) {
      if (text === '') this.#fates[line - 1] = 'blank';
      if (text === '') continue;
      this.#fates[line - 1] = 'left out';
      this.#notes.push({ line, kind: 'left out', text: `is a comment on no job: ${text}` });
    }
    this.#above = [];
  }

  #variable(variable: Variable, number: number): void {
    const { settings, left } = settingsAfter(this.#settings, variable);
    this.#settings = settings;
    if (left !== null) return this.#leave(number, left);
    this.#fates.push('setting');
    if (!/\$[{A-Za-z_]/.test(variable.value)) return;
    this.#mind(number, `${variable.name} is ${variable.value} as it stands: cron does not expand variables either`);
  }

  #entry(entry: Entry, number: number): void {
    const made = this.#judge(entry);
    if (typeof made === 'string') {
      this.#leaveComments();
      return this.#leave(number, made);
    }
    const { command, stdin } = readCommand(entry.command);
    const name = uniqueName(nameFor(command), new Set(this.#jobs.keys()));
    this.#jobs.set(name, this.#body(entry, { command, stdin, schedule: made.schedule }));
    this.#fates.push('job');
    for (const remark of made.remarks) this.#change(number, remark);
    if (command.startsWith('*')) {
      this.#mind(number, 'its command begins with *: crontab has five fields, and no seconds');
    }
    this.#tellOfUser(entry, number);
    this.#above = [];
  }

  #tellOfUser({ user }: Entry, number: number): void {
    const { user: own, users } = this.#options;
    if (user === null || user === own) return;
    this.#change(number, `runs by runuser as ${user}: its worker must be root`);
    if (users?.has(user) === false) this.#mind(number, `${user} is no user in ${USERS_FILE} of this machine`);
  }

  /** Its schedule, or why there is none. */
  #judge(entry: Entry): { readonly schedule: string; readonly remarks: readonly string[] } | string {
    const { broken, timezone } = this.#settings;
    if (broken !== null) return `follows ${broken}, so when it comes is not known`;
    if (entry.user !== null && TIME_FIELD.test(entry.user)) {
      return `has ${entry.user} where its user belongs: crontab has five fields, and no seconds`;
    }
    const time = cronTime(entry.when, `${entry.when} ${entry.command}`);
    if (!time.ok) return time.why;
    if (readCommand(entry.command).command === '') return 'has no command before its %';
    try {
      parseSchedule({ schedule: time.schedule, timezone, anchor: 0, startsAt: null, endsAt: null });
      return time;
    } catch (error) {
      if (error instanceof JobschedError) return `is refused: ${error.message}`;
      throw error;
    }
  }

  #body(
    { user }: Entry,
    {
      command,
      stdin,
      schedule,
    }: { readonly command: string; readonly stdin: string | null; readonly schedule: string },
  ): NewJobBody {
    const { shell, env, cwd, jitterSeconds, timezone } = this.#settings;
    const description = cut(
      this.#above
        .map(({ text }) => text)
        .join('\n')
        .trim(),
    );
    return {
      ...(description !== '' && { description }),
      command: commandAs(user === this.#options.user ? null : user, { command, shell, cwd }),
      schedule,
      timezone,
      ...(shell !== null && { shell }),
      ...(cwd !== null && { cwd }),
      ...(Object.keys(env).length > 0 && { env: { ...env } }),
      ...(stdin !== null && { stdin }),
      ...(jitterSeconds > 0 && { jitter_seconds: jitterSeconds }),
      ...(this.#options.likeCron && ({ overlap: 'allow', misfire: 'skip' } as const)),
    };
  }
}

/** `0 5 * * * backup` behind a `#`. Prose that begins with a number is none: its time cannot be read. */
function isSwitchedOff(text: string, system: boolean): boolean {
  const [line] = readLines(text, system);
  return line?.kind === 'entry' && /^[@*\d]/.test(line.when) && cronTime(line.when, '').ok;
}

function cut(text: string): string {
  if (Buffer.byteLength(text) <= MOST_DESCRIPTION_BYTES) return text;
  return Buffer.from(text)
    .subarray(0, MOST_DESCRIPTION_BYTES - 4)
    .toString('utf8')
    .replace(/�+$/, '…');
}
