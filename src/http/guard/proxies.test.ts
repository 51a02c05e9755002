import type { IncomingMessage } from 'node:http';
import { describe, expect, it, test } from 'vitest';
import { createProxies } from './proxies.ts';

function from(remoteAddress: string, headers: IncomingMessage['headers'] = {}, tls = false): IncomingMessage {
  return { socket: { remoteAddress, ...(tls && { encrypted: true }) }, headers } as unknown as IncomingMessage;
}

describe('the address of the client', () => {
  const { clientAddress } = createProxies(['loopback', '10.0.0.0/8', 'fd00::/16', '192.0.2.7']);

  test.each([
    ['nobody forwarded', '203.0.113.9', undefined, '203.0.113.9'],
    ['a stranger claims', '203.0.113.9', '1.1.1.1', '203.0.113.9'],
    ['a proxy tells', '127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['a proxy on a socket of both families', '::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['a client claims, and the proxy adds', '127.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
    ['a chain', '::1', '1.1.1.1, 203.0.113.9, 10.1.2.3, fd00::1', '203.0.113.9'],
    ['one address is no range', '127.0.0.1', '1.1.1.1,192.0.2.8', '192.0.2.8'],
    ['all are proxies', '127.0.0.1', '10.0.0.1', '10.0.0.1'],
    ['with ports', '127.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
    ['with brackets', '127.0.0.1', '[2001:DB8::1]:4711', '2001:db8::1'],
    ['what is no address hides what stands before it', '127.0.0.1', '203.0.113.9, unknown, 10.0.0.1', '10.0.0.1'],
    ['nonsense', '127.0.0.1', "'; DROP", '127.0.0.1'],
    ['nothing', '127.0.0.1', '', '127.0.0.1'],
    ['a zone', 'fe80::1%eth0', undefined, 'fe80::1'],
  ])('%s', (_, peer, forwarded, client) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    expect(clientAddress(from(peer, headers))).toBe(client);
  });

  it('is the connection’s where no proxy is trusted', () => {
    const nobody = createProxies([]);
    expect(nobody.clientAddress(from('127.0.0.1', { 'x-forwarded-for': '1.1.1.1' }))).toBe('127.0.0.1');
  });
});

describe('TLS', () => {
  const { isSecure } = createProxies(['loopback']);

  test.each([
    ['to us', '203.0.113.9', undefined, true, true],
    ['to a proxy', '127.0.0.1', 'https', false, true],
    ['to a proxy before the nearest, which speaks none', '127.0.0.1', 'https, http', false, false],
    ['as a stranger claims', '203.0.113.9', 'https', false, false],
    ['none', '127.0.0.1', undefined, false, false],
  ])('%s', (_, peer, proto, tls, secure) => {
    expect(isSecure(from(peer, proto === undefined ? {} : { 'x-forwarded-proto': proto }, tls))).toBe(secure);
  });
});
