/** `submit --dry-run`: what would be made, and when it would come. Nothing is. */
import { formatData, isData } from '../print/data.ts';
import { EXIT } from '../exit-code.ts';
import { escapeLine } from '../format/escape.ts';
import { clockTime, fullTime } from '../format/time.ts';
import { previewText } from '../job/preview-text.ts';
import type { Session } from '../session.ts';
import { write } from '../print/terminal.ts';
import { withoutPlace } from './submit-many.ts';
import { JobschedError, type CheckedJob, type NewJobBody } from '../../client/client.ts';

/** The server judges it, as when it were made. @throws JobschedError for what it would refuse. */
export async function previewSubmit(session: Session, body: NewJobBody): Promise<number> {
  const { client, format, fields, out, moment } = session;
  const job = await checked(session, body);
  const { schedule, timezone, starts_at, ends_at } = job;
  const preview = schedule === '' ? null : await client.schedules.preview({ schedule, timezone, starts_at, ends_at });
  if (isData(format)) {
    await write(out, await formatData({ job, preview }, format, fields));
    return EXIT.ok;
  }
  const when = preview === null ? onceText(body, session) : previewText(preview, moment());
  await write(out, `would create ${escapeLine(job.name ?? 'a job')}: ${escapeLine(job.command)}\n${when}`);
  return EXIT.ok;
}

async function checked({ client }: Session, body: NewJobBody): Promise<CheckedJob> {
  const [item] = (await client.jobs.check([body])).results;
  if (item === undefined) throw new Error('the server answered for fewer jobs than it was sent');
  if (item.status === 'valid') return item.job;
  const { code, detail, hint, field } = item.problem;
  throw new JobschedError(code, withoutPlace(detail), {
    ...(hint != null && { hint }),
    ...(field != null && { field: withoutPlace(field) }),
  });
}

function onceText({ run_at: at }: NewJobBody, { moment }: Session): string {
  if (at === undefined || at === null) return '  runs now\n';
  const [then, here] = [Date.parse(at), moment()];
  return then < here.now ? `  ${clockTime(then, here)} has passed: runs at once\n` : `  runs ${fullTime(then, here)}\n`;
}
