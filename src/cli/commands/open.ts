/** `jobsched open`: the page, of a job or a run, in a browser; or its address, where there is none. */
import type { Command } from 'commander';
import { clientCommand, type ClientFlags } from '../options/client-options.ts';
import { EXIT } from '../exit-code.ts';
import { escapeLine } from '../format/escape.ts';
import { withExamples } from '../help/help.ts';
import { isRunRef, namedJob, namedRun } from '../targets/ref.ts';
import { withSession, type Session } from '../session.ts';
import { browse } from '../started/browser.ts';
import { thisMachine } from '../../config/machine.ts';

interface OpenFlags extends ClientFlags {
  readonly print?: true;
}

export function openCommand(): Command {
  const command = clientCommand('open')
    .description('Open the page in a browser, on a desktop; anywhere else its address is printed.')
    .argument('[ref]', "a job (name, id, or the id's first characters) or a run (nightly#42, or its id)")
    .option('--print', 'only print the address');
  withExamples(command, ['jobsched open', 'jobsched open nightly', 'jobsched open nightly#42 --print']);
  return command.action((ref: string | undefined, flags: OpenFlags) =>
    withSession(flags, async (session) => {
      const url = session.server + (await pathOf(session, ref));
      const opens = flags.print !== true && session.out.isTTY === true && (await browse(url, thisMachine().env));
      if (opens) session.hint(`opened ${url}`);
      else session.out.write(`${escapeLine(url)}\n`);
      return EXIT.ok;
    }),
  );
}

/** As static/src/route.ts reads it. */
async function pathOf({ client }: Session, ref: string | undefined): Promise<string> {
  if (ref === undefined) return '/';
  if (isRunRef(ref)) return `/runs/${encodeURIComponent((await namedRun(client, ref)).id)}`;
  const { id, name } = await namedJob(client, ref);
  return `/jobs/${encodeURIComponent(name ?? id)}`;
}
