/** Random names of things that are made by the thousand. */
import { randomUUID } from 'node:crypto';

/**
 * A UUID of version 4. In one piece, which `toLowerCase` makes of it: Node puts its UUIDs together from pieces, and an
 * object that holds such a text takes `JSON.stringify` twice as long.
 */
export function newUuid(): string {
  return randomUUID().toLowerCase();
}
