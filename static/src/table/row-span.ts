/**
 * Which rows of a long table are drawn while it is scrolled: those in sight at once, and some around them bit by bit, so
 * that no frame has much to draw.
 *
 *        drawn before             in sight              drawn next
 *   ───────────────────────────────────────────────────────────────────────────────────────
 *   scrolled by a little      still among them    the same, a step more at an end that is near
 *   scrolled by more          beyond an end       up to what is in sight there, a step at least
 *   scrolled elsewhere        none of them        what is in sight, and a little around it
 *
 * Rows far behind go as others come.
 */

/** Rows from one up to another, which is not among them. */
export interface RowSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Rows around what is in sight that are drawn, so that a frame that comes late shows no gap: up to a {@link STEP} fewer or
 * more, so that most scroll events draw nothing.
 */
export const AROUND = 16;
/** Rows around what is in sight that are drawn at once. */
export const NEAR = 2;
/** So many at a time are drawn beyond that. */
export const STEP = 8;

/** What to draw now. The same as before when all is well. @param count of all rows. */
export function nextSpan(drawn: RowSpan, sight: RowSpan, count: number): RowSpan {
  const [least, most] = [around(sight, NEAR, count), around(sight, AROUND, count)];
  const kept = { from: Math.max(drawn.from, most.from), to: Math.min(drawn.to, most.to) };
  if (kept.from >= least.to || kept.to <= least.from) return least;
  const isUrgent = least.from < kept.from || least.to > kept.to;
  // While an end is wanted at once, the other one can wait.
  const growsFrom = isUrgent ? least.from < kept.from : kept.from - most.from >= STEP;
  const growsTo = isUrgent ? least.to > kept.to : most.to - kept.to >= STEP;
  if (growsFrom || growsTo) {
    return {
      from: growsFrom ? Math.max(Math.min(least.from, kept.from - STEP), most.from) : kept.from,
      to: growsTo ? Math.min(Math.max(least.to, kept.to + STEP), most.to) : kept.to,
    };
  }
  // What lies less than a step beyond stays a little longer: taking it away is work as well.
  const isWide = most.from - drawn.from >= STEP || drawn.to - most.to >= STEP;
  return isWide ? kept : clamp(drawn, count);
}

const around = ({ from, to }: RowSpan, rows: number, count: number): RowSpan =>
  clamp({ from: from - rows, to: to + rows }, count);

const clamp = ({ from, to }: RowSpan, count: number): RowSpan => ({
  from: Math.min(Math.max(from, 0), count),
  to: Math.min(Math.max(to, 0), count),
});
