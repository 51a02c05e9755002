/** What there is to draw on, and about whom. */
import type { Snapshot } from './snapshot.ts';
import type { Moment } from '../format/time.ts';
import type { Paint } from '../print/paint.ts';
import type { Session } from '../session.ts';
import { widthOf } from '../print/terminal.ts';

export interface Frame {
  readonly width: number;
  /** Infinity: as many lines as it takes. */
  readonly height: number;
  readonly paint: Paint;
  readonly moment: Moment;
  /** Whom it is about. */
  readonly title: string;
}

/** @param rows the terminal's. One is left for a line about the server. */
export async function frameOf(session: Session, { stats }: Snapshot, rows: number): Promise<Frame> {
  const { out, server, context } = session;
  const paint = await session.paintFor(out);
  const title = `jobsched ${stats.version} · ${context === null ? '' : `${context} · `}${server}`;
  return { width: widthOf(out), height: rows - 1, paint, moment: session.moment(), title };
}
