/**
 * Stands between a store and its Redis, and lets happen to a script's call what networks do. It knows of the protocol only
 * how a call of a script looks, and that one that Redis does not know has done nothing.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * - `lose reply`: the script runs, and instead of its reply the connection ends.
 * - `cut reply`: the same in the middle of the reply.
 * - `cut request`: the connection ends in the middle of the call, which does nothing.
 * - `slow`: the reply comes late.
 */
export type Fate = 'pass' | 'lose reply' | 'cut reply' | 'cut request' | 'slow';

export interface RedisProxy extends AsyncDisposable {
  /** `redis://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** Of each call, in its turn. Default: all pass. */
  decide: () => Fate;
  /** All that Redis says comes so many ms late, in its order. Default: 0. Not to be lowered while something is under way. */
  lagMs: number;
  /** From now on no reply comes on the connections that there are, and none of them ends. */
  silence(): void;
  /** From now on nothing passes, on no connection, and none ends: as behind a cable that somebody pulled. */
  part(): void;
  /** Connections pass again; those that there were end, since they have missed something. */
  mend(): void;
  /** How many calls have met another fate than to pass. */
  readonly met: number;
}

const SLOW_MS = 40;
const CALL = /\r\neval(?:sha)?\r\n/i;
const UNKNOWN_SCRIPT = '-NOSCRIPT';

export async function redisProxy(to: number): Promise<RedisProxy> {
  const sockets = new Set<Socket>();
  const silent = new WeakSet<Socket>();
  let met = 0;
  let parted = false;
  const server = createServer((client) => {
    const redis = connect(to, '127.0.0.1');
    for (const socket of [client, redis]) sockets.add(socket.setNoDelay(true));
    const end = (): void => {
      for (const socket of [client, redis]) {
        sockets.delete(socket);
        socket.destroy();
      }
    };
    for (const socket of [client, redis]) socket.on('error', end).on('close', end);
    let fate: Fate = 'pass';
    client.on('data', (chunk: Buffer) => {
      if (parted) return false;
      if (fate === 'pass' && CALL.test(chunk.toString('latin1'))) {
        fate = proxy.decide();
        if (fate !== 'pass') met += 1;
      }
      if (fate !== 'cut request') return redis.write(chunk);
      return redis.write(chunk.subarray(0, chunk.length >> 1), end);
    });
    const pass = (chunk: Buffer): void => {
      if (proxy.lagMs === 0) client.write(chunk);
      else setTimeout(() => client.write(chunk), proxy.lagMs);
    };
    redis.on('data', (chunk: Buffer) => {
      if (parted || silent.has(redis)) return false;
      const doomed = chunk.subarray(0, UNKNOWN_SCRIPT.length).toString() === UNKNOWN_SCRIPT ? 'pass' : fate;
      if (doomed === 'pass') return pass(chunk);
      fate = 'pass';
      if (doomed === 'slow') return setTimeout(() => client.write(chunk), SLOW_MS);
      if (doomed === 'cut reply') return client.write(chunk.subarray(0, chunk.length >> 1), end);
      return end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: RedisProxy = {
    url: `redis://127.0.0.1:${port}`,
    port,
    decide: () => 'pass',
    lagMs: 0,
    silence: () => {
      for (const socket of sockets) silent.add(socket);
    },
    part: () => {
      parted = true;
    },
    mend: () => {
      parted = false;
      for (const socket of sockets) socket.destroy();
    },
    get met() {
      return met;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
  return proxy;
}

/** For `decide`: once, and then all pass. */
export function first(fate: Fate): () => Fate {
  let left = 1;
  return () => (left-- > 0 ? fate : 'pass');
}
