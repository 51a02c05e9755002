/** `jobsched next`: when a schedule comes, without making a job. */
import type { Command } from 'commander';
import { countArgument } from '../options/arguments.ts';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { withExamples } from '../help/help.ts';
import { previewText } from '../job/preview-text.ts';
import { withSession } from '../session.ts';
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
        ask: () => session.client.schedules.preview({ schedule, timezone: flags.tz, count: flags.count }),
        sheet: async (preview, { moment }) => previewText(preview, moment),
      }),
    ),
  );
}
