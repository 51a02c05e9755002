/** `jobsched next`: when a schedule comes, without making a job. */
import type { Command } from 'commander';
import { countArgument } from '../options/arguments.ts';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { inFlags } from '../help/in-flags.ts';
import { withExamples } from '../help/help.ts';
import { previewText } from '../job/preview-text.ts';
import { withSession, type Session } from '../session.ts';
import { JobschedError, type PreviewView } from '../../client/client.ts';
import { isJobName } from '../../domain/id.ts';
import { show } from '../print/show.ts';

interface NextFlags extends ClientFlags {
  readonly tz?: string;
  readonly count?: number;
}

export function nextCommand(): Command {
  const command = clientCommand('next')
    .description('Show what a schedule means and when it comes next, also across changes of the clock.')
    .argument('<schedule>', "'0 2 * * 1-5', '*/10 * * * * *', @hourly, '@every 90s'")
    .option('--tz <zone>', "its zone, such as Europe/Berlin (default: the server's)")
    .option('-n, --count <number>', 'how many times, up to 100 (default: 5)', countArgument);
  withExamples(command, [
    "jobsched next '0 2 * * 1-5' --tz Europe/Berlin",
    "jobsched next '30 2 * * *' --tz Europe/Berlin -n 3 -o json",
  ]);
  return addFormatOptions(command).action((schedule: string, flags: NextFlags) =>
    withSession(flags, (session) =>
      show(session, {
        ask: () => preview(session, schedule, flags),
        sheet: async (preview, { moment }) => previewText(preview, moment),
      }),
    ),
  );
}

/** @throws JobschedError for what is no schedule; of a job's name with what shows its next times. */
async function preview({ client, program }: Session, schedule: string, { tz, count }: NextFlags): Promise<PreviewView> {
  try {
    return await client.schedules.preview({ schedule, timezone: tz, count });
  } catch (error) {
    if (!(error instanceof JobschedError)) throw error;
    // What a job's schedule is typed as: so the hints name the flags beside it.
    const told = inFlags(error, new Set(['cron']));
    if (!isJobName(schedule)) throw told;
    await client.jobs.get(schedule).catch(() => {
      throw told;
    });
    const hint = `It is a job. When that comes: ${program()} get ${schedule}`;
    throw new JobschedError(error.code, error.message, { hint, cause: error });
  }
}
