/** Node's server of HTTP, plain or in TLS, with our limits: against clients that send slowly, much, or for ever. */
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import type { CrowdGuard } from './crowd.ts';
import { tellPlainClients } from './first-byte.ts';
import type { Handler } from './handler.ts';
import type { HttpLimits } from './limits.ts';
import { answerMalformed } from './malformed.ts';

/** @param tls null: plain HTTP. */
export function newNodeServer(
  limits: HttpLimits,
  handler: Handler,
  crowd: CrowdGuard,
  tls: SecureContextOptions | null,
): Server {
  const server = tls === null ? createServer(optionsOf(limits)) : newTlsServer(limits, tls);
  server.maxConnections = limits.connections;
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  server.on('connection', crowd);
  server.on('request', handler);
  // Without a listener Node says "continue" before anybody has looked at the request.
  server.on('checkContinue', handler);
  server.on('checkExpectation', handler);
  server.on('clientError', answerMalformed);
  return server;
}

/** See Slowloris, CVE-2018-12122. */
function optionsOf(limits: HttpLimits) {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(5_000, limits.headersTimeoutMs),
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.headerBytes,
    noDelay: true,
    // Finds out that a client has gone that is told nothing for long: one that follows a silent run.
    keepAlive: true,
  };
}

/** Node's own closing knows connections only once their handshake is done. */
function newTlsServer(limits: HttpLimits, tls: SecureContextOptions): Server {
  const server = createTlsServer({ ...optionsOf(limits), ...tls, handshakeTimeout: limits.headersTimeoutMs });
  tellPlainClients(server, limits.headersTimeoutMs);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const closeAll = server.closeAllConnections.bind(server);
  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    closeIdle();
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
  server.closeAllConnections = () => {
    closeAll();
    for (const socket of sockets) socket.destroy();
  };
  return server;
}
