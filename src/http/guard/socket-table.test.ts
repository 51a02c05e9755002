import { describe, expect, it } from 'vitest';
import { encode, socketOwner } from './socket-table.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line = (local: string, remote: string, state: string, uid: number, inode: number): string =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${inode} 1 0000000000000000 20 4 30 10 -1\n`;

const CLIENT = { address: '127.0.0.1', port: 50_000 };
const SERVER = { address: '127.0.0.1', port: 8_080 };
const WIDE = '0000000000000000FFFF00000100007F';

describe('the table of sockets', () => {
  it('writes addresses as the kernel does', () => {
    expect(encode(SERVER, false)).toBe('0100007F:1F90');
    expect(encode({ address: '::ffff:127.0.0.1', port: 8_080 }, false)).toBe('0100007F:1F90');
    expect(encode(SERVER, true)).toBe(`${WIDE}:1F90`);
    expect(encode({ address: '::1', port: 80 }, true)).toBe('00000000000000000000000001000000:0050');
    expect(encode({ address: 'fe80::1%eth0', port: 1 }, true)).toBe('000080FE000000000000000001000000:0001');
    expect(encode({ address: '2001:db8:1:2:3:4:5:6', port: 1 }, true)).toBe('B80D0120020001000400030006000500:0001');
  });

  it('tells the owner of the other end, not of ours', () => {
    const table =
      HEAD +
      line('0100007F:1F90', '0100007F:C350', '01', 7, 11) +
      line('0100007F:C350', '0100007F:1F90', '01', 1_000, 12);
    expect(socketOwner(table, CLIENT, SERVER)).toBe(1_000);
    expect(socketOwner(table, SERVER, CLIENT)).toBe(7);
  });

  it('finds an IPv4 connection of an IPv6 socket', () => {
    expect(socketOwner(HEAD + line(`${WIDE}:C350`, `${WIDE}:1F90`, '01', 33, 5), CLIENT, SERVER)).toBe(33);
  });

  it('knows nobody where there is no line, or only one like it', () => {
    expect(socketOwner(HEAD, CLIENT, SERVER)).toBeNull();
    expect(socketOwner('', CLIENT, SERVER)).toBeNull();
    expect(socketOwner(HEAD + line('0100007F:C351', '0100007F:1F90', '01', 0, 5), CLIENT, SERVER)).toBeNull();
  });

  it('does not take a socket that was closed for one of root', () => {
    const closed = line('0100007F:C350', '0100007F:1F90', '06', 0, 0);
    expect(socketOwner(HEAD + closed, CLIENT, SERVER)).toBeNull();
    expect(socketOwner(HEAD + closed + line('0100007F:C350', '0100007F:1F90', '01', 9, 3), CLIENT, SERVER)).toBe(9);
  });

  it('does not trip over a line that is cut off', () => {
    expect(socketOwner(`${HEAD}   0: 0100007F:C350 0100007F:1F90 01 0000`, CLIENT, SERVER)).toBeNull();
  });
});
