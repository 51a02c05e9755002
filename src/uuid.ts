/** Random names of things that are made by the thousand. */
import { randomUUID } from 'node:crypto';

/**
 * A UUID of version 4, in one piece. Node puts its UUIDs together from pieces, and V8 (of Node 26, as measured) takes twice
 * as long for the JSON of an object that holds such a text; `toLowerCase` makes one of it.
 */
export function newUuid(): string {
  return randomUUID().toLowerCase();
}
