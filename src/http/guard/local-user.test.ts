import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { createLocalUserGuard, localUserGuard } from './local-user.ts';

const END = { remoteAddress: '127.0.0.1', remotePort: 50_000, localAddress: '127.0.0.1', localPort: 8_080 };
/** On a connection of its own. */
const request = (): IncomingMessage => ({ socket: { ...END } }) as IncomingMessage;
const table = (uid: number): string => ` 0: 0100007F:C350 0100007F:1F90 01 0:0 0:0 0 ${uid} 0 77 1\n`;

describe('the guard of local users', () => {
  it('knows our own user and root, and asks once for each connection', async () => {
    let reads = 0;
    const guard = createLocalUserGuard({ uid: 1_000, readTables: async () => table(reads++ === 0 ? 1_000 : 0) });
    const first = request();
    expect(await guard.judge(first)).toBe('own');
    expect(guard.judge(first)).toBe('own');
    expect(await guard.judge(request())).toBe('own');
    expect(reads).toBe(2);
  });

  it('knows others, each time', async () => {
    const guard = createLocalUserGuard({ uid: 1_000, readTables: async () => table(1_001) });
    const one = request();
    expect(await guard.judge(one)).toBe('other');
    expect(guard.judge(one)).toBe('other');
  });

  it('looks again before it gives up, and knows nobody whom it cannot tell', async () => {
    let reads = 0;
    const slow = createLocalUserGuard({ uid: 1_000, readTables: async () => (++reads < 3 ? '' : table(1_000)) });
    expect(await slow.judge(request())).toBe('own');
    const blind = createLocalUserGuard({ uid: 1_000, readTables: async () => null });
    expect(await blind.judge(request())).toBe('unknown');
    const gone = createLocalUserGuard({ uid: 1_000, readTables: async () => '' });
    expect(await gone.judge({ socket: {} } as IncomingMessage)).toBe('unknown');
  });

  it('takes nobody for root where the system does not tell, and everybody for another user', async () => {
    const log: string[] = [];
    const logger = pino({}, { write: (line) => void log.push(line) });
    const roots = await localUserGuard(0, logger, async () => null);
    expect(roots?.judge(request())).toBe('unknown');
    expect(log).toEqual([]);
    expect(await localUserGuard(1_000, logger, async () => null)).toBeNull();
    expect(log.join('')).toContain('every user of it can run commands');
    const told = await localUserGuard(0, logger, async () => table(0));
    expect(await told?.judge(request())).toBe('own');
  });

  it('reads once for those who come together, and never for those who come while it reads', async () => {
    const reads: ((text: string) => void)[] = [];
    const guard = createLocalUserGuard({ uid: 1_000, readTables: () => new Promise((resolve) => reads.push(resolve)) });
    const first = [guard.judge(request()), guard.judge(request())];
    await Promise.resolve();
    await Promise.resolve();
    const later = guard.judge(request());
    expect(reads).toHaveLength(1);
    reads[0]?.(table(1_000));
    for (const verdict of first) expect(await verdict).toBe('own');
    await new Promise(setImmediate);
    expect(reads).toHaveLength(2);
    reads[1]?.(table(1_000));
    expect(await later).toBe('own');
  });
});
