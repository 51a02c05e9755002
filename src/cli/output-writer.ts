/**
 * A run's output on its way to the reader's streams: stdout to stdout, stderr to stderr, byte for byte. To a terminal it
 * goes with control characters made visible, since a command's output must not command the terminal.
 */
import { escapeText } from './format/escape.ts';
import { size } from './format/size.ts';
import type { Session } from './session.ts';
import { write } from './terminal.ts';
import type { OutputEvent, OutputPiece } from '../client/client.ts';
import type { Stream } from '../domain/output/frame.ts';

export interface OutputWriter {
  show(event: OutputEvent): Promise<void>;
  /** Finishes a last line on a terminal, so that what follows begins on its own. */
  end(): Promise<void>;
}

export interface WriterOptions {
  readonly raw?: boolean | undefined;
  /** Only this one was asked for: then it goes to stdout, whichever it is. */
  readonly stream?: Stream | undefined;
}

export function createOutputWriter(session: Session, { raw, stream }: WriterOptions): OutputWriter {
  const decoders: Readonly<Record<Stream, TextDecoder>> = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  let openLine = false;
  const showPiece = async (piece: OutputPiece): Promise<void> => {
    const screen = piece.stream === 'stdout' || stream !== undefined ? session.out : session.err;
    if (!screen.isTTY || raw) return write(screen, piece.bytes);
    openLine = piece.bytes.at(-1) !== NEWLINE;
    return write(screen, escapeText(decoders[piece.stream].decode(piece.bytes, { stream: true })));
  };
  const end = async (): Promise<void> => {
    if (openLine) await write(session.err, '\n');
    openLine = false;
  };
  return {
    end,
    show: async (event) => {
      if (event.kind === 'output') return showPiece(event);
      if (event.kind === 'end' || (event.kind === 'attempt' && event.attempt === 1)) return;
      await end();
      if (event.kind === 'attempt') session.hint(`[attempt ${event.attempt}]`);
      // Not a hint: whoever keeps the output must learn that this is not all of it.
      else await write(session.err, `[${size(event.bytes)} of output were not kept]\n`);
    },
  };
}

const NEWLINE = 0x0a;
