/** `jobsched backup`: a copy of a standalone's data while it runs. */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { clientCommand, type ClientFlags } from '../options/client-options.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../help/failure.ts';
import { escapeLine } from '../format/escape.ts';
import { size } from '../format/size.ts';
import { withExamples } from '../help/help.ts';
import { withSession, type Session } from '../session.ts';
import { write } from '../print/terminal.ts';
import { notForABackup, verifyBackup } from '../../daemon/data-file.ts';
import { JobschedError } from '../../errors.ts';

export function backupCommand(): Command {
  const command = clientCommand('backup')
    .description(
      "Back up a standalone's data, outputs too, while it runs: as it is at one moment, in one file, which is checked and " +
        'then takes the place of an earlier one of that name. It has all secrets of all jobs in it. With a key, it takes ' +
        'one of role admin. What is on a Redis, Redis backs up: docs/backup.md.',
    )
    .argument('<file>', 'where it goes; - is standard output');
  withExamples(command, ['jobsched backup jobsched.backup', 'jobsched backup - | zstd > jobsched.backup.zst']);
  return command.action((file: string, flags: ClientFlags) =>
    withSession(flags, (session) => (file === '-' ? toStdout(session) : toFile(session, file))),
  );
}

async function toStdout({ client, out }: Session): Promise<number> {
  if (out.isTTY) throw new UsageError('a backup is nothing for a terminal', 'Name a file, or send it into a pipe.');
  for await (const bytes of client.backup()) await write(out, bytes);
  return EXIT.ok;
}

async function toFile(session: Session, name: string): Promise<number> {
  const file = resolve(session.cwd, name);
  const part = `${file}.part`;
  requireBackupOrNothing(file);
  try {
    const bytes = await fetched(session, part);
    verifyBackup(part);
    await rename(part, file);
    session.out.write(`${escapeLine(`wrote ${name} · ${size(bytes)} · checked`)}\n`);
    return EXIT.ok;
  } catch (error) {
    throw isOfDisk(error) ? unwritable(name, error) : error;
  } finally {
    await rm(part, { force: true });
  }
}

/** @returns how many bytes it has, when the disk has them. */
async function fetched({ client }: Session, part: string): Promise<number> {
  await rm(part, { force: true });
  await using file: FileHandle = await open(part, 'wx', 0o600);
  for await (const bytes of client.backup()) await file.appendFile(bytes);
  await file.sync();
  return (await file.stat()).size;
}

/** A slip of the finger must cost neither a letter nor data. */
function requireBackupOrNothing(file: string): void {
  let objection: string | null;
  try {
    objection = notForABackup(file);
  } catch (error) {
    throw isOfDisk(error) ? unwritable(file, error) : error;
  }
  if (objection !== null) {
    throw new UsageError(`${file} is there, and is no backup: ${objection}`, 'Name another file.');
  }
}

function isOfDisk(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && !(error instanceof JobschedError) && 'syscall' in error;
}

function unwritable(file: string, error: NodeJS.ErrnoException): JobschedError {
  const why = error.code === 'ENOENT' ? 'its folder is not there' : (error.code ?? error.message);
  return new JobschedError('data_unwritable', `${file} cannot be written: ${why}`, { cause: error });
}
