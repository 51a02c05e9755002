/** One read from one of a child's pipes: what it wrote, to which stream, and when the worker saw it. */
import type { Instant } from '../instant.ts';

export type Stream = 'stdout' | 'stderr';
export const STREAMS = ['stdout', 'stderr'] as const satisfies readonly Stream[];

export interface Frame {
  readonly stream: Stream;
  readonly at: Instant;
  /** At least one byte, never interpreted. */
  readonly bytes: Uint8Array;
}
