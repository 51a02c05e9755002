/** `jobsched top`: what runs, what waits, who works and what failed, as it changes. */
import type { Command } from 'commander';
import { clientCommand, type ClientFlags } from '../options/client-options.ts';
import { EXIT } from '../exit-code.ts';
import { withExamples } from '../help/help.ts';
import { withSession, type Session } from '../session.ts';
import { write } from '../print/terminal.ts';
import { frameOf } from '../top/frame.ts';
import { live } from '../top/live.ts';
import { picture } from '../top/picture.ts';
import { snapshot } from '../top/snapshot.ts';
import { thisMachine } from '../../config/machine.ts';

export function topCommand(): Command {
  const command = clientCommand('top').description(
    'Show what runs, what waits, who works and what failed, live; with its keys a run is chosen, read, cancelled and run ' +
      'again: ? shows them, q or Ctrl-C ends it. Where it cannot draw, as into a pipe, it is printed once.',
  );
  withExamples(command, ['jobsched top', 'jobsched top --context prod', 'jobsched top | head']);
  return command.action((flags: ClientFlags) => withSession(flags, top));
}

async function top(session: Session): Promise<number> {
  const first = await snapshot(session);
  const draws = session.out.isTTY === true && thisMachine().env['TERM'] !== 'dumb';
  if (draws) return live(session, first);
  const frame = await frameOf(session, first, Number.POSITIVE_INFINITY);
  await write(session.out, await picture(first, frame));
  session.err.write('this is no terminal that can be drawn on, so this was it once\n');
  return EXIT.ok;
}
