/**
 * A run's output on its way to the reader's streams: stdout to stdout, stderr to stderr, byte for byte. To a terminal it
 * goes with control characters made visible, since a command's output must not command the terminal.
 */
import { size } from '../format/size.ts';
import { createLineStamps } from '../run/line-stamps.ts';
import { createTerminalText, type TerminalText } from '../format/terminal-text.ts';
import type { Session } from '../session.ts';
import { write, type Screen } from './terminal.ts';
import type { OutputEvent, OutputPiece } from '../../client/client.ts';
import { STREAMS, type Stream } from '../../domain/output/frame.ts';
import { NEWLINE } from '../../domain/output/line-parts.ts';

export interface OutputWriter {
  show(event: OutputEvent): Promise<void>;
  /** Words about the output, of whole lines: to stderr, and not within a line of a terminal. */
  note(text: string): Promise<void>;
  /** Shows what was held back, and finishes a last line on a terminal, so that what follows begins on its own. */
  end(): Promise<void>;
}

export interface WriterOptions {
  readonly raw?: boolean | undefined;
  /** Only this one was asked for: then it goes to stdout, whichever it is. */
  readonly stream?: Stream | undefined;
  /** A time before each line, by the clock of this zone. */
  readonly stamps?: string | undefined;
}

/** Only these: what a run wrote goes to the two streams, what is said about it to `err`. */
export type OutputScreens = Pick<Session, 'out' | 'err' | 'hint'>;

export function createOutputWriter(screens: OutputScreens, { raw, stream, stamps }: WriterOptions): OutputWriter {
  const texts: Readonly<Record<Stream, TerminalText>> = { stdout: createTerminalText(), stderr: createTerminalText() };
  const screenOf = (name: Stream): Screen => (name === 'stdout' || stream !== undefined ? screens.out : screens.err);
  const lines = stamps === undefined ? null : createLineStamps(stamps);
  /** The terminal whose last line is not finished. */
  let open: Screen | null = null;
  const show = async (screen: Screen, text: string | Uint8Array): Promise<void> => {
    if (text.length === 0) return;
    const last = text.at(-1);
    open = last === '\n' || last === NEWLINE ? null : screen;
    await write(screen, text);
  };
  const showPiece = async (piece: OutputPiece): Promise<void> => {
    const { stream: name } = piece;
    const bytes = lines === null ? piece.bytes : lines.add(piece);
    const screen = screenOf(name);
    if (!screen.isTTY) await write(screen, bytes);
    else await show(screen, raw ? bytes : texts[name].add(bytes));
  };
  const finishLine = async (): Promise<void> => {
    if (open) await write(open, '\n');
    open = null;
  };
  const note = async (text: string): Promise<void> => {
    await finishLine();
    await write(screens.err, text);
  };
  const end = async (): Promise<void> => {
    for (const name of STREAMS) {
      const screen = screenOf(name);
      await show(screen, texts[name].flush());
      const ending = lines?.end(name) ?? '';
      if (!screen.isTTY && ending !== '') await write(screen, ending);
    }
    await finishLine();
  };
  return {
    note,
    end,
    show: async (event) => {
      if (event.kind === 'output') return showPiece(event);
      if (event.kind === 'end' || (event.kind === 'attempt' && event.attempt === 1)) return;
      await end();
      if (event.kind === 'attempt') screens.hint(`[attempt ${event.attempt}]`);
      // Not a hint: whoever keeps the output must learn that this is not all of it.
      else await write(screens.err, `[${size(event.bytes)} of output were not kept]\n`);
    },
  };
}
