/** Goes on with what is there without waiting for it. */
export function goOn<A, B>(value: Promise<A> | A, next: (value: A) => Promise<B> | B): Promise<B> | B {
  return value instanceof Promise ? value.then(next) : next(value);
}
