/** What a stream of ours can show: whether a person reads it, how wide it is, whether it takes colour. */
import type { Writable } from 'node:stream';

/** A stream, and a terminal's size when it is one. */
export type Screen = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

export interface ColorWish {
  /** `--color`: undefined or `auto` leaves it to the stream. */
  readonly flag: 'auto' | 'always' | 'never' | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Flag > NO_COLOR > FORCE_COLOR > TERM=dumb > whether it is a terminal. */
export function takesColor(screen: { readonly isTTY?: boolean }, { flag, env }: ColorWish): boolean {
  if (flag === 'always') return true;
  if (flag === 'never' || env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['TERM'] === 'dumb') return false;
  return screen.isTTY === true;
}

/** The columns that a table may take: a terminal's; else as many as it needs, since files and pipes have no edge. */
export function widthOf(screen: Screen): number {
  return screen.isTTY === true ? sizeOf(screen).columns : Number.POSITIVE_INFINITY;
}

/** A terminal's; one that does not know its own says 0. */
export function sizeOf({ columns = 0, rows = 0 }: Screen): { readonly columns: number; readonly rows: number } {
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}

/** Resolves when the stream can take more, so that a slow reader slows us rather than filling our memory. */
export async function write(screen: Writable, bytes: string | Uint8Array): Promise<void> {
  if (screen.write(bytes)) return;
  await new Promise<void>((resolve) => {
    screen.once('drain', resolve);
    screen.once('close', resolve);
  });
}
