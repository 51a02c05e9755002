/** `logs --timestamps`: before each line of a stream, when the worker saw its beginning. */
import { stampTime } from '../format/time.ts';
import type { OutputPiece } from '../../client/client.ts';
import type { Stream } from '../../domain/output/frame.ts';
import { leavesOpen, stampedParts } from '../../domain/output/line-parts.ts';

export interface LineStamps {
  /** The bytes of a piece, with a time before each line that begins in it. */
  add(piece: OutputPiece): Uint8Array;
  /** What follows is another attempt's: a line that is open ends. @returns what ends it. */
  end(stream: Stream): string;
}

export function createLineStamps(zone: string): LineStamps {
  const isOpen: Record<Stream, boolean> = { stdout: false, stderr: false };
  return {
    add: ({ stream, at, bytes }) => {
      const stamp = Buffer.from(`${stampTime(Date.parse(at), zone)} `);
      const stamped = Buffer.concat([...stampedParts(bytes, stamp, isOpen[stream])]);
      isOpen[stream] = leavesOpen(bytes);
      return stamped;
    },
    end: (stream) => {
      const ending = isOpen[stream] ? '\n' : '';
      isOpen[stream] = false;
      return ending;
    },
  };
}
