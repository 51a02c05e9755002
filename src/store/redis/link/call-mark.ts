/**
 * A call whose reply was lost is sent again, and finds what it did itself: a job of that id, a version that has risen, a
 * job that is deleted. Its caller is to hear what the first reply said, and not that somebody was there before. So such a
 * call carries a mark, which is kept beside what it did.
 */

const LEAST = 100_000;

/**
 * Six digits by chance. Two calls are mistaken for each other only when they have the same mark, do the same to the same
 * job within seconds, and one of them loses its reply.
 */
export function callMark(): number {
  return LEAST + Math.floor(Math.random() * 9 * LEAST);
}
