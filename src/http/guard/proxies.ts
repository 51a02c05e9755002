/**
 * Who asks, when proxies stand between. Whoever connects may write into `X-Forwarded-For` what he likes, so only what
 * trusted proxies wrote counts: from the right, where the nearest one wrote, up to the first address that is no proxy.
 *
 * `Forwarded` (RFC 7239) is not read: a proxy that sets the one passes the other on as a client wrote it.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';

export interface Proxies {
  /** Whether that is one of them. @param address as {@link plainAddress} has it. */
  readonly trusts: (address: string) => boolean;
  /** The address of the client, as far as it can be believed. IPv4 in its own form. */
  readonly clientAddress: (request: IncomingMessage) => string;
  /** Whether the client speaks TLS: to us, or to a trusted proxy. */
  readonly isSecure: (request: IncomingMessage) => boolean;
}

/** @param trusted addresses, ranges such as `10.0.0.0/8`, and `loopback`, as the settings take them. */
export function createProxies(trusted: readonly string[]): Proxies {
  const list = new BlockList();
  for (const each of trusted) add(list, each);
  const trusts = (address: string): boolean => list.check(address, familyOf(address));
  return {
    trusts,
    clientAddress: (request) => {
      const peer = plainAddress(request.socket.remoteAddress ?? '') ?? '';
      const forwarded = headerText(request.headers['x-forwarded-for']);
      if (forwarded === '' || peer === '' || !trusts(peer)) return peer;
      return firstStranger(peer, forwarded, trusts);
    },
    isSecure: ({ socket, headers }) => {
      if ('encrypted' in socket) return true;
      const peer = plainAddress(socket.remoteAddress ?? '');
      // Each may add its own: what the nearest one says is the last.
      const scheme = headerText(headers['x-forwarded-proto']).split(',').at(-1)?.trim().toLowerCase();
      return scheme === 'https' && peer !== null && trusts(peer);
    },
  };
}

function add(list: BlockList, word: string): void {
  if (word === 'loopback') {
    list.addSubnet('127.0.0.0', 8, 'ipv4');
    list.addAddress('::1', 'ipv6');
    return;
  }
  const { address, bits } = rangeOf(word);
  list.addSubnet(address, bits, familyOf(address));
}

/** An address alone is the range of itself. */
function rangeOf(word: string): { readonly address: string; readonly bits: number } {
  const [, address = '', digits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(word) ?? [];
  return { address, bits: digits === undefined ? (isIP(address) === 4 ? 32 : 128) : Number(digits) };
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** What cannot be read ends the walk: nobody knows what stands before it. */
function firstStranger(peer: string, forwarded: string, trusts: (address: string) => boolean): string {
  let client = peer;
  for (const entry of forwarded.split(',').toReversed()) {
    if (!trusts(client)) break;
    const address = plainAddress(withoutPort(entry.trim()));
    if (address === null) break;
    client = address;
  }
  return client;
}

/** `1.2.3.4:567`, `[::1]:567` and `[::1]`: some proxies write them so. */
function withoutPort(entry: string): string {
  const [, bracketed, four] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(entry) ?? [];
  return bracketed ?? four ?? entry;
}

/** Without a zone, and IPv4 as IPv4 also on a socket of both; null for what is no address. */
export function plainAddress(text: string): string | null {
  if (isIPv4(text)) return text;
  const address = text.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIP(address) === 0 ? null : address.toLowerCase();
}

const headerText = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? value.join(',') : (value ?? '');
