/** The end of what a run wrote, made harmless, as text for a screen. */
import { Writable } from 'node:stream';
import { lastLines } from '../run/last-lines.ts';
import { createOutputWriter } from '../print/output-writer.ts';
import type { Client } from '../../client/client.ts';

/** @param count how many lines at most. */
export async function tail(client: Client, run: string, count: number): Promise<string> {
  let text = '';
  const sink = new Writable({
    write: (bytes: Buffer, _encoding, done) => {
      text += bytes.toString();
      done();
    },
  });
  const screen = Object.assign(sink, { isTTY: true });
  const writer = createOutputWriter({ out: screen, err: screen, hint: () => undefined }, {});
  for (const event of await lastLines(client, run, count, {})) await writer.show(event);
  await writer.end();
  return text;
}
