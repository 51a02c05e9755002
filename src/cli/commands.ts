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
  /** It starts one, and its code is much: the single binary keeps it apart (scripts/build/). */
  readonly isDaemon: boolean;
}

export const COMMANDS: readonly CommandEntry[] = [
  daemon('standalone', 'run everything on this machine', async () =>
    (await import('./standalone.ts')).standaloneCommand(),
  ),
  daemon('serve', 'serve the API and the page on a Redis', async () => (await import('./serve.ts')).serveCommand()),
  daemon('worker', 'run the jobs that wait in a Redis', async () => (await import('./worker.ts')).workerCommand()),
  entry('submit', 'run a command once or on a schedule', async () => (await import('./submit.ts')).submitCommand()),
  entry('list', 'list the jobs', async () => (await import('./list.ts')).listCommand()),
  entry('get', 'show a job or a run', async () => (await import('./get.ts')).getCommand()),
  entry('logs', 'show what a run wrote', async () => (await import('./logs.ts')).logsCommand()),
  entry('cancel', 'cancel a run, or all live runs of a job', async () => (await import('./cancel.ts')).cancelCommand()),
  entry('key', 'make, list and revoke keys', async () => (await import('./key.ts')).keyCommand()),
  entry('version', 'print the version', async () => (await import('./version.ts')).versionCommand()),
];

function entry(name: string, summary: string, load: () => Promise<Command>): CommandEntry {
  return { name, summary, load, isDaemon: false };
}

function daemon(name: string, summary: string, load: () => Promise<Command>): CommandEntry {
  return { ...entry(name, summary, load), isDaemon: true };
}
