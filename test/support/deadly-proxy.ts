/** Stands between a server and its Redis, and kills the server at the call of a script that it is told. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { sourceOf, type ScriptName } from '../../src/store/redis/link/scripts.ts';

export interface Death {
  readonly script: ScriptName;
  /** At which of its calls from now on, the first being 1. */
  readonly call: number;
  /** `call`: it never arrives. `reply`: the script is carried out, and nobody hears of it. */
  readonly loses: 'call' | 'reply';
}

export interface DeadlyProxy extends AsyncDisposable {
  readonly port: number;
  /** Resolves when the death has come, by `kill`. */
  arm(death: Death, kill: () => void): Promise<void>;
}

/** @param scripts those that can be deadly; Redis is made to know them, so that each call is one that counts. */
export async function deadlyProxy(to: number, scripts: readonly ScriptName[]): Promise<DeadlyProxy> {
  const redis = new Redis({ port: to, host: '127.0.0.1' });
  for (const script of scripts) await redis.script('LOAD', sourceOf(script));
  redis.disconnect();
  const sockets = new Set<Socket>();
  let armed: (Death & { readonly sha: string; readonly die: () => void }) | null = null;
  let calls = 0;
  const server = createServer((client) => {
    const engine = connect(to, '127.0.0.1');
    let doomed: (() => void) | null = null;
    const end = (): void => {
      for (const socket of [client, engine]) {
        sockets.delete(socket);
        socket.destroy();
      }
    };
    for (const socket of [client, engine]) {
      sockets.add(socket.setNoDelay(true));
      socket.on('error', end).on('close', end);
    }
    client.on('data', (chunk: Buffer) => {
      if (armed !== null && chunk.includes(armed.sha) && ++calls === armed.call) {
        const { loses, die } = armed;
        armed = null;
        if (loses === 'call') return die();
        doomed = die;
      }
      return void engine.write(chunk);
    });
    engine.on('data', (chunk: Buffer) => (doomed === null ? void client.write(chunk) : doomed()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    arm: (death, kill) =>
      new Promise((resolve) => {
        const sha = createHash('sha1').update(sourceOf(death.script)).digest('hex');
        const die = (): void => {
          kill();
          resolve();
        };
        calls = 0;
        armed = { ...death, sha, die };
      }),
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
