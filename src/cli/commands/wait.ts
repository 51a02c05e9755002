/** `jobsched wait`: until runs have ended; exits as their commands did. */
import type { Command } from 'commander';
import { untilEnd } from '../run/after-run.ts';
import { secondsArgument } from '../options/arguments.ts';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { together } from '../targets/each-ref.ts';
import { ownTroubleApart } from '../run/follow.ts';
import { withExamples } from '../help/help.ts';
import { latestRun } from '../targets/ref.ts';
import { withSession, type Session } from '../session.ts';
import { systemClock } from '../../clock.ts';
import { SECOND } from '../../domain/instant.ts';

interface WaitFlags extends ClientFlags {
  readonly timeout?: number;
  readonly cancelOnInterrupt?: true;
}

export function waitCommand(): Command {
  const command = clientCommand('wait')
    .description(
      'Wait until runs have ended, and exit as their commands did. Of several that failed alike with that code, else ' +
        'with 1.',
    )
    .argument('<ref...>', 'a run (nightly#42, or its id), or a job: its latest run')
    .option('--timeout <duration>', 'for so long at most, then exit with 124: 90, 90s, 5m, 1h30m', secondsArgument)
    .option('--cancel-on-interrupt', 'Ctrl-C cancels it, rather than letting go of it');
  withExamples(command, ['jobsched wait nightly#42', 'jobsched wait nightly weekly --timeout 1h']);
  return addFormatOptions(command).action((refs: readonly string[], flags: WaitFlags) =>
    withSession(flags, (session) => waitForAll(session, refs, flags)),
  );
}

/** One after the other is as long as the longest of them takes. */
async function waitForAll(session: Session, refs: readonly string[], flags: WaitFlags): Promise<number> {
  const end = flags.timeout === undefined ? null : systemClock.monotonic() + flags.timeout * SECOND;
  const codes: number[] = [];
  for (const ref of refs) {
    const code = await ownTroubleApart(session, async () => {
      const run = await latestRun(session.client, ref);
      const timeoutMs = end === null ? undefined : Math.max(1, Math.ceil(end - systemClock.monotonic()));
      return untilEnd(session, run, flags, { timeoutMs });
    });
    codes.push(code);
  }
  return together(codes);
}
