/** What was asked for last is kept; what nobody asked for longest goes. */
export interface Newest<Value> {
  /** @param make called when it is not kept. */
  of(key: string, make: () => Value): Value;
}

export function createNewest<Value>(most: number): Newest<Value> {
  // A map is in the order in which its entries were set: the first is the one that nobody asked for longest.
  const kept = new Map<string, Value>();
  return {
    of: (key, make) => {
      const value = kept.get(key) ?? make();
      kept.delete(key);
      kept.set(key, value);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
      return value;
    },
  };
}
