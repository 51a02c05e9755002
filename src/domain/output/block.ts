/**
 * Blocks: the pieces in which stores keep output.
 *
 * Invariants: a block holds frames without a gap between them, encodes to at most {@link BLOCK_BYTES}, and lies wholly
 * inside the head or wholly behind it, so that what rolls can be dropped by the block.
 */
import type { Frame } from './frame.ts';
import { encodedSize } from './frame-codec.ts';

export const BLOCK_BYTES = 64 * 1024;

/** What a block's frames take beyond their bytes, at the most that one frame takes. */
const FRAME_OVERHEAD = encodedSize([{ stream: 'stdout', at: 0, bytes: new Uint8Array(0) }]);

export interface Block {
  /** The offset of its first byte. */
  readonly start: number;
  /** How many of the child's bytes it holds. */
  readonly size: number;
  readonly frames: readonly Frame[];
}

export function bytesOf(frames: readonly Frame[]): number {
  return frames.reduce((sum, frame) => sum + frame.bytes.byteLength, 0);
}

/** The same output from its `count`th byte on. A frame that lies across is cut. */
export function withoutFirst(frames: readonly Frame[], count: number): Frame[] {
  let left = count;
  const rest: Frame[] = [];
  for (const frame of frames) {
    const cut = Math.min(left, frame.bytes.byteLength);
    left -= cut;
    if (cut < frame.bytes.byteLength) rest.push(cut === 0 ? frame : { ...frame, bytes: frame.bytes.subarray(cut) });
  }
  return rest;
}

/** Cuts frames that begin at `offset` into blocks, none of them across `head`. */
export function toBlocks(frames: readonly Frame[], offset: number, head: number): Block[] {
  const blocks: Block[] = [];
  let open: { start: number; size: number; encoded: number; frames: Frame[] } | null = null;
  let at = offset;
  for (const frame of frames) {
    let { bytes } = frame;
    while (bytes.byteLength > 0) {
      if (open !== null && (at === head || open.encoded + FRAME_OVERHEAD >= BLOCK_BYTES)) open = null;
      if (open === null) {
        open = { start: at, size: 0, encoded: 0, frames: [] };
        blocks.push(open);
      }
      const room = Math.min(BLOCK_BYTES - open.encoded - FRAME_OVERHEAD, at < head ? head - at : Infinity);
      const taken = bytes.subarray(0, room);
      open.frames.push({ ...frame, bytes: taken });
      open.encoded += FRAME_OVERHEAD + taken.byteLength;
      open.size += taken.byteLength;
      at += taken.byteLength;
      bytes = bytes.subarray(room);
    }
  }
  return blocks;
}
