/** As `Promise.all`, but it rejects only when all are done: by then each of them has told what it did. */
export async function whenAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
