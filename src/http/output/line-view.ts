/** Lines of output on the wire. */
import type { NumberedLineView } from '../schema/output.ts';
import { toWireTime } from '../reply/wire-time.ts';
import type { NumberedLine } from './find-lines.ts';
import { missingWords } from './text.ts';

export function toLineView({ number, line }: NumberedLine): NumberedLineView {
  if (line.kind === 'dropped') {
    return { n: number, stream: null, time: null, text: missingWords(line.bytes), dropped: line.bytes };
  }
  const { stream, at, bytes } = line;
  return { n: number, stream, time: toWireTime(at), text: bytes.toString('utf8'), dropped: null };
}
