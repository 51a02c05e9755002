import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createLocalUserGuard } from './local-user.ts';

const END = { remoteAddress: '127.0.0.1', remotePort: 50_000, localAddress: '127.0.0.1', localPort: 8_080 };
/** On a connection of its own. */
const request = (headers = {}): IncomingMessage => ({ headers, socket: { ...END } }) as IncomingMessage;
const table = (uid: number): string => ` 0: 0100007F:C350 0100007F:1F90 01 0:0 0:0 0 ${uid} 0 77 1\n`;

describe('the guard of local users', () => {
  it('lets our own user and root in, and asks once for each connection', async () => {
    let reads = 0;
    const guard = createLocalUserGuard({ uid: 1_000, readTables: async () => table(reads++ === 0 ? 1_000 : 0) });
    const first = request();
    await guard.check(first);
    expect(guard.check(first)).toBeUndefined();
    await guard.check(request());
    expect(reads).toBe(2);
  });

  it('refuses others, each time', async () => {
    const guard = createLocalUserGuard({ uid: 1_000, readTables: async () => table(1_001) });
    const one = request();
    await expect(guard.check(one)).rejects.toMatchObject({ code: 'local_user_only' });
    expect(() => guard.check(one)).toThrow('another user');
  });

  it('looks again before it gives up, and lets nobody in whom it cannot tell', async () => {
    let reads = 0;
    const slow = createLocalUserGuard({ uid: 1_000, readTables: async () => (++reads < 3 ? '' : table(1_000)) });
    await slow.check(request());
    const blind = createLocalUserGuard({ uid: 1_000, readTables: async () => null });
    await expect(blind.check(request())).rejects.toMatchObject({ code: 'local_user_only' });
    const gone = createLocalUserGuard({ uid: 1_000, readTables: async () => '' });
    await expect(gone.check({ headers: {}, socket: {} } as IncomingMessage)).rejects.toMatchObject({
      code: 'local_user_only',
    });
  });

  it('refuses what a proxy passes on, whoever runs the proxy', async () => {
    const guard = createLocalUserGuard({ uid: 1_000, readTables: async () => table(1_000) });
    expect(() => guard.check(request({ 'x-forwarded-for': '203.0.113.9' }))).toThrow('from a proxy');
  });

  it('reads once for those who come together, and never for those who come while it reads', async () => {
    const reads: ((text: string) => void)[] = [];
    const guard = createLocalUserGuard({ uid: 1_000, readTables: () => new Promise((resolve) => reads.push(resolve)) });
    const first = [guard.check(request()), guard.check(request())];
    await Promise.resolve();
    await Promise.resolve();
    const later = guard.check(request());
    expect(reads).toHaveLength(1);
    reads[0]?.(table(1_000));
    for (const check of first) await check;
    await new Promise(setImmediate);
    expect(reads).toHaveLength(2);
    reads[1]?.(table(1_000));
    await later;
  });
});
