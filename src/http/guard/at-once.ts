/** Goes on with what is there without waiting for it. */
export function goOn<A, B>(value: Promise<A> | A, onward: (value: A) => Promise<B> | B): Promise<B> | B {
  return value instanceof Promise ? value.then(onward) : onward(value);
}
