/** `POST /api/backup`: a copy of a standalone's data. */
import { z } from 'zod';
import { JobschedError } from '../../errors.ts';
import { writeAll } from '../output/write.ts';
import { route } from './route.ts';

export const createBackup = route({
  method: 'POST',
  path: '/api/backup',
  // All that anybody ever put into a job's `env` is in it.
  access: 'admin',
  action: 'backup.create',
  doc: {
    id: 'createBackup',
    tag: 'system',
    summary: 'Back up the data',
    description:
      "All of a standalone's data, outputs too, as it is at one moment: an SQLite file, which `jobsched restore` takes. It " +
      'is made while everything goes on, one at a time, and needs as much room beside the data until it is fetched. Where ' +
      'the data is on a Redis, that makes the backups: 404.',
    responses: {
      200: {
        description: 'The file. `Content-Length` says how long it is.',
        mediaType: 'application/vnd.sqlite3',
        schema: z.string().describe('Its bytes.'),
      },
    },
    errors: ['not_found', 'too_many_requests', 'shutting_down'],
  },
  handle: async ({ app, deeds }) => {
    const backup = await app.store.backup();
    if (backup === null) {
      throw new JobschedError('not_found', 'the data of this installation is on a Redis, which makes its own backups', {
        hint: 'docs/backup.md tells how.',
      });
    }
    deeds.did('data', { bytes: backup.bytes });
    return {
      kind: 'stream',
      headers: { 'Content-Type': 'application/vnd.sqlite3', 'Content-Length': String(backup.bytes) },
      admit: null,
      open: async () => ({
        write: (response, gone) => writeAll(response, backup.read(), gone),
        close: () => void backup.close(),
      }),
    };
  },
});
