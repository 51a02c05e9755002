/** The numbers of a worker, which has no API: on a port of its own, for this machine alone, when somebody asks for it. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { allowedHosts, checkHost } from '../http/guard/host.ts';
import { listen } from '../http/server/listen.ts';
import type { Logger } from '../log.ts';
import type { Service } from '../service.ts';

export interface MetricsPortOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly metrics: Registry;
  /** The machine's own name: requests may be addressed to it. */
  readonly machineName: string;
  readonly logger: Logger;
}

/** `start` throws `port_in_use`. */
export class MetricsPort implements Service {
  readonly #options: MetricsPortOptions;
  #servers: readonly Server[] = [];

  constructor(options: MetricsPortOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { port, metrics, machineName, logger } = this.#options;
    const hosts = allowedHosts({ machine: machineName, publicUrl: null, allowed: [] });
    const newServer = (): Server => {
      const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, (request, response) => {
        try {
          checkHost(request, hosts);
        } catch {
          answer(response, 421, 'this server is not called that\n');
          return;
        }
        if (request.url !== '/metrics') answer(response, 404, 'there is only /metrics\n');
        else if (request.method !== 'GET') answer(response, 405, 'it takes GET\n');
        else void metrics.metrics().then((text) => answer(response, 200, text, metrics.contentType));
      });
      server.maxConnections = 32;
      return server;
    };
    const listening = await listen(newServer, null, port);
    this.#servers = listening.servers;
    logger.info({ url: `http://localhost:${listening.port}/metrics` }, 'metrics are served');
  }

  async stop(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(closed);
    this.#servers = [];
  }
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(text);
}
