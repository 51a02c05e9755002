/** The way to the server, and what it says of itself. */
import type { Session } from '../session.ts';
import { JobschedError, type DoctorView } from '../../client/client.ts';
import { systemClock } from '../../clock.ts';
import { fine, problem, warning, type Finding } from '../../domain/finding.ts';
import { SECOND, type Millis } from '../../domain/instant.ts';
import { VERSION } from '../../version.ts';

const MUCH_SKEW: Millis = 5 * SECOND;

export async function checkServer(session: Session): Promise<readonly Finding[]> {
  const before = systemClock.now();
  try {
    const view = await session.client.doctor();
    const here = (before + systemClock.now()) / 2;
    return [fine('server', `${session.server} answers`), ...agreement(view, here), ...view.findings];
  } catch (error) {
    if (!(error instanceof JobschedError)) throw error;
    if (error.code === 'not_found') return [older(session)];
    // On one line: a sentence ends with a stop, and what a colon announces follows it.
    const remedy = (error.hint ?? 'Look at the log of the server.')
      .replaceAll(/(?<![.:])\n\s*/g, '. ')
      .replaceAll(/\n\s*/g, ' ');
    const unseen = 'engine, persistence, clocks, workers, queues: only a server can see them';
    return [problem('server', error.message, remedy), warning('the rest', unseen, 'Ask again when one answers.')];
  }
}

/** A server that lacks the route is one from before it, or no jobsched. */
function older(session: Session): Finding {
  return problem('server', `${session.server} does not know this question`, `Upgrade it: this jobsched is ${VERSION}.`);
}

function agreement({ version, now }: DoctorView, here: number): readonly Finding[] {
  const off = Math.round(Math.abs(Date.parse(now) - here));
  const words = `the clock here and the server's are ${off} ms apart`;
  return [
    version === VERSION
      ? fine('version', `here and there it is ${VERSION}`)
      : warning('version', `here it is ${VERSION}, there ${version}`, 'Upgrade the older one: docs/upgrading.md.'),
    off < MUCH_SKEW ? fine('clock here', words) : warning('clock here', words, 'Let NTP set both: timedatectl.'),
  ];
}
