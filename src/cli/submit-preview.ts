/** `submit --dry-run`: what would be made, and when it would come. Nothing is. */
import { formatData, isData } from './data.ts';
import { EXIT } from './exit-code.ts';
import { escapeLine } from './format/escape.ts';
import { fullTime } from './format/time.ts';
import { previewText } from './preview-text.ts';
import type { Session } from './session.ts';
import { write } from './terminal.ts';
import type { NewJobBody } from '../client/client.ts';

/** The schedule is read by the server, as when the job were made. @throws JobschedError `invalid_schedule`. */
export async function previewSubmit(session: Session, body: NewJobBody): Promise<number> {
  const { client, format, fields, out, moment } = session;
  const { schedule, timezone, starts_at, ends_at } = body;
  const preview =
    typeof schedule === 'string' && schedule !== ''
      ? await client.schedules.preview({ schedule, timezone, starts_at, ends_at })
      : null;
  if (isData(format)) {
    await write(out, await formatData({ job: body, preview }, format, fields));
    return EXIT.ok;
  }
  const when = preview === null ? onceText(body, session) : previewText(preview, moment());
  await write(out, `would create ${escapeLine(body.name ?? 'a job')}: ${escapeLine(body.command)}\n${when}`);
  return EXIT.ok;
}

function onceText({ run_at: at }: NewJobBody, { moment }: Session): string {
  return at === undefined || at === null ? '  runs now\n' : `  runs ${fullTime(Date.parse(at), moment())}\n`;
}
