/**
 * The commands. A new one is a file of its own and one line here; its code is loaded when it is called, so that no
 * command pays for the others.
 */
import type { Command } from 'commander';

export interface CommandEntry {
  readonly name: string;
  /** One line in `jobsched --help`. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
  /** A daemon, or what reads jobs or settings as one does: its code is much, and the single binary keeps it apart (scripts/build/). */
  readonly isLarge: boolean;
  /** Whether it has commands of its own, such as `workers drain`. */
  readonly isGroup: boolean;
}

export const COMMANDS: readonly CommandEntry[] = [
  large('standalone', 'run everything on this machine', async () =>
    (await import('./commands/standalone.ts')).standaloneCommand(),
  ),
  large('serve', 'serve the API and the page on a Redis', async () =>
    (await import('./commands/serve.ts')).serveCommand(),
  ),
  large('worker', 'run the jobs that wait in a Redis', async () =>
    (await import('./commands/worker.ts')).workerCommand(),
  ),
  entry('submit', 'run a command once or on a schedule', async () =>
    (await import('./commands/submit.ts')).submitCommand(),
  ),
  entry('list', 'list the jobs', async () => (await import('./commands/list.ts')).listCommand()),
  entry('get', 'show jobs and runs', async () => (await import('./commands/get.ts')).getCommand()),
  entry('runs', 'list runs', async () => (await import('./commands/runs.ts')).runsCommand()),
  entry('logs', 'show what a run wrote', async () => (await import('./commands/logs.ts')).logsCommand()),
  entry('wait', 'wait for runs, and exit as they do', async () => (await import('./commands/wait.ts')).waitCommand()),
  entry('run', 'run jobs now', async () => (await import('./commands/run.ts')).runCommand()),
  entry('cancel', 'cancel runs', async () => (await import('./commands/cancel.ts')).cancelCommand()),
  entry('retry', 'run finished runs again', async () => (await import('./commands/retry.ts')).retryCommand()),
  entry('pause', 'stop schedules', async () => (await import('./commands/pause.ts')).pauseCommand()),
  entry('resume', 'let schedules go on', async () => (await import('./commands/resume.ts')).resumeCommand()),
  entry('edit', 'change jobs', async () => (await import('./commands/edit.ts')).editCommand()),
  entry('delete', 'delete jobs', async () => (await import('./commands/delete.ts')).deleteCommand()),
  entry('next', 'show when a schedule comes', async () => (await import('./commands/next.ts')).nextCommand()),
  group(
    entry('workers', 'list the workers, drain one', async () =>
      (await import('./commands/workers.ts')).workersCommand(),
    ),
  ),
  group(
    entry('queues', 'list the queues; pause, resume, limit one', async () =>
      (await import('./commands/queues.ts')).queuesCommand(),
    ),
  ),
  entry('top', 'watch everything, live', async () => (await import('./commands/top.ts')).topCommand()),
  entry('stats', 'show numbers about everything', async () => (await import('./commands/stats.ts')).statsCommand()),
  group(
    entry('context', 'work with several servers', async () => (await import('./commands/context.ts')).contextCommand()),
  ),
  large('config', 'show every setting and where it comes from', async () =>
    (await import('./commands/config.ts')).configCommand(),
  ),
  entry('open', 'open the page in a browser', async () => (await import('./commands/open.ts')).openCommand()),
  entry('key', 'make, list and revoke keys', async () => (await import('./commands/key.ts')).keyCommand()),
  group(
    large('import', 'bring in jobs from elsewhere', async () => (await import('./commands/import.ts')).importCommand()),
  ),
  large('apply', 'make the jobs what a file says', async () => (await import('./commands/apply.ts')).applyCommand()),
  large('diff', 'show what apply would change', async () => (await import('./commands/diff.ts')).diffCommand()),
  entry('export', 'write the jobs as a file for apply', async () =>
    (await import('./commands/export.ts')).exportCommand(),
  ),
  large('validate', 'check a file for apply, without a server', async () =>
    (await import('./commands/validate.ts')).validateCommand(),
  ),
  large('doctor', 'say what is wrong, and what to do about it', async () =>
    (await import('./commands/doctor.ts')).doctorCommand(),
  ),
  large('backup', "back up a standalone's data while it runs", async () =>
    (await import('./commands/backup.ts')).backupCommand(),
  ),
  large('restore', 'make a backup the data of a standalone', async () =>
    (await import('./commands/restore.ts')).restoreCommand(),
  ),
  group(
    large('service', 'let systemd start a daemon', async () =>
      (await import('./commands/service.ts')).serviceCommand(),
    ),
  ),
  entry('completion', 'complete commands and names in a shell', async () =>
    (await import('./commands/completion.ts')).completionCommand(),
  ),
  entry('version', 'print the version', async () => (await import('./commands/version.ts')).versionCommand()),
];

function entry(name: string, summary: string, load: () => Promise<Command>): CommandEntry {
  return { name, summary, load, isLarge: false, isGroup: false };
}

function large(name: string, summary: string, load: () => Promise<Command>): CommandEntry {
  return { ...entry(name, summary, load), isLarge: true };
}

function group(made: CommandEntry): CommandEntry {
  return { ...made, isGroup: true };
}
