/** The page's time: the server's, as its answers tell it, so that countdowns are right on a computer whose clock is not. */
import { signal } from '@preact/signals';

/** HTTP dates have whole seconds: a difference below this is no difference. */
const TRUSTED_SKEW_MS = 2_000;
let skewMs = 0;

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + skewMs;
}

/** Like {@link serverNow}, but ticks every second while the page is visible: what shows it is drawn again. */
export const now = signal(serverNow());

/** Learns from an answer's Date header how far the two clocks are apart. */
export function learnServerTime(dateHeader: string | null): void {
  const skew = Date.parse(dateHeader ?? '') - Date.now();
  if (Number.isNaN(skew)) return;
  skewMs = Math.abs(skew) > TRUSTED_SKEW_MS ? skew : 0;
}

/** Starts the ticking. Call once. */
export function startClock(): void {
  const tick = (): void => {
    if (!document.hidden) now.value = serverNow();
  };
  setInterval(tick, 1_000);
  document.addEventListener('visibilitychange', tick);
}
