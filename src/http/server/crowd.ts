/**
 * No address has all connections. One beyond what it may have is closed before anything is read from it; those of trusted
 * proxies, which come for many, are not counted.
 */
import type { Socket } from 'node:net';
import { plainAddress, type Proxies } from '../guard/proxies.ts';
import { clientOf } from '../guard/rate-limit.ts';
import { createTally } from './tally.ts';

/** To be called with each new connection. */
export type CrowdGuard = (socket: Socket) => void;

export function createCrowdGuard(mostOfOne: number, { trusts }: Pick<Proxies, 'trusts'>): CrowdGuard {
  const open = createTally();
  return (socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    if (address === null || trusts(address)) return;
    const client = clientOf(address);
    if (open.of(client) >= mostOfOne) {
      socket.destroy();
      return;
    }
    open.add(client, 1);
    socket.once('close', () => open.add(client, -1));
  };
}
