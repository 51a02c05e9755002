/** The end of what a run wrote, made harmless, as text for a screen. */
import { Writable } from 'node:stream';
import { createOutputWriter } from '../print/output-writer.ts';
import { JobschedError, type Client } from '../../client/client.ts';
import { isFinal } from '../../domain/run-state.ts';

export interface Tail {
  /** The id of the run. */
  readonly run: string;
  readonly text: string;
  /** Whether the run has ended, so that nothing comes after this. */
  readonly isWhole: boolean;
}

/** In bytes, and one block of the store: who draws takes its last lines, and of a longer line what is in it. */
const REACH = 64 * 1024;

/** @param before what was found last: it is not asked for again when it is whole. */
export async function tail(client: Client, run: string, before: Tail | null): Promise<Tail> {
  if (before?.run === run && before.isWhole) return before;
  try {
    return await read(client, run);
  } catch (error) {
    // One that was deleted meanwhile: there are others to look at.
    if (!(error instanceof JobschedError) || error.code !== 'not_found') throw error;
    return { run, text: `${error.message}\n`, isWhole: true };
  }
}

async function read({ runs }: Client, run: string): Promise<Tail> {
  const { output_bytes: written } = await runs.get(run);
  let text = '';
  const sink = new Writable({
    write: (bytes: Buffer, _encoding, done) => {
      text += bytes.toString();
      done();
    },
  });
  const screen = Object.assign(sink, { isTTY: true });
  const writer = createOutputWriter({ out: screen, err: screen, hint: () => undefined }, {});
  let isWhole = false;
  for await (const event of runs.frames(run, { offset: Math.max(0, written - REACH) })) {
    await writer.show(event);
    if (event.kind === 'end') isWhole = event.complete && isFinal(event.status);
  }
  await writer.end();
  return { run, text, isWhole };
}
