/**
 * The kernel's tables of TCP sockets, `/proc/net/tcp` and `tcp6`: one line a socket, with its addresses, state, the uid
 * of its owner, and its inode.
 *
 *   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *    0: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 31415 1 …
 *
 * An address is its 32-bit words in hexadecimal, each in the byte order of the machine.
 */
import { isIPv4 } from 'node:net';

/** One end of a connection, as `socket.remoteAddress` and `remotePort` tell it. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * Who owns the socket that is connected from `local` to `remote`, or null when no live socket is.
 *
 * A socket that its process has closed stays in the table for a while with uid 0 and inode 0. It would pass for root's,
 * so it counts as none.
 *
 * @param table the text of one table or of both.
 */
export function socketOwner(table: string, local: Endpoint, remote: Endpoint): number | null {
  for (const needle of [row(local, remote, false), row(local, remote, true)]) {
    for (let at = table.indexOf(needle); at >= 0; at = table.indexOf(needle, at + 1)) {
      const end = table.indexOf('\n', at);
      const owner = ownerOf(table.slice(at, end < 0 ? undefined : end));
      if (owner !== null) return owner;
    }
  }
  return null;
}

/** The part of a line that is unique to a connection. `wide`: in the IPv6 table, where an IPv4 peer may be as well. */
function row(local: Endpoint, remote: Endpoint, wide: boolean): string {
  return ` ${encode(local, wide)} ${encode(remote, wide)} `;
}

/** @param line from its first address on. */
function ownerOf(line: string): number | null {
  const [, , , , , , uid, , inode] = line.trim().split(/\s+/);
  if (uid === undefined || inode === undefined || !/^\d+$/.test(uid) || !/^[1-9]\d*$/.test(inode)) return null;
  return Number(uid);
}

/** As the table writes an end. @param wide IPv4 addresses as `::ffff:a.b.c.d`. */
export function encode(end: Endpoint, wide: boolean): string {
  const bytes = addressBytes(end.address, wide);
  const words: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) words.push(machineWord(bytes.subarray(at, at + 4)));
  return `${words.join('')}:${end.port.toString(16).toUpperCase().padStart(4, '0')}`;
}

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

function machineWord(bytes: Uint8Array): string {
  const ordered = LITTLE_ENDIAN ? bytes.toReversed() : bytes;
  return ordered.toHex().toUpperCase();
}

function addressBytes(address: string, wide: boolean): Uint8Array {
  const mapped = /^::ffff:(?=\d+\.)/i.exec(address);
  const plain = mapped ? address.slice(mapped[0].length) : address;
  if (!isIPv4(plain)) return ipv6Bytes(plain);
  const four = Uint8Array.from(plain.split('.'), Number);
  return wide ? Uint8Array.from([...Array<number>(10).fill(0), 0xff, 0xff, ...four]) : four;
}

function ipv6Bytes(address: string): Uint8Array {
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const before = groups(head);
  const after = groups(tail ?? '');
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
