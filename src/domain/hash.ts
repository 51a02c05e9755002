/**
 * Numbers that look like chance and never change, so that whoever computes them, and however often, gets the same: what is
 * spread by them is spread alike by every server and in every repetition.
 */

/** How many there are: 0 to 2^32 − 1. */
export const HASHES = 2 ** 32;

/** 32 bits: FNV-1a, and MurmurHash3's finish, without which neighbouring slots would be given neighbouring numbers. */
export function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) bits = Math.imul(bits ^ text.charCodeAt(index), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
