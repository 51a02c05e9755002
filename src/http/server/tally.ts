/** How much each has of something. Of nobody who has none. */
export interface Tally {
  of(holder: string): number;
  add(holder: string, more: 1 | -1): void;
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  const of = (holder: string): number => counts.get(holder) ?? 0;
  return {
    of,
    add: (holder, more) => {
      const now = of(holder) + more;
      if (now === 0) counts.delete(holder);
      else counts.set(holder, now);
    },
  };
}
