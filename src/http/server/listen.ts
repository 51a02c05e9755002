/** Takes a port, and says what is in the way when it cannot. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { JobschedError } from '../../errors.ts';

const LOOPBACK = ['127.0.0.1', '::1'] as const;

/** The machine speaks no IPv6, or has no such address. */
const NO_IPV6 = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** How often another free port is tried, when only one of the two addresses has it. */
const TRIES = 10;

export interface Listening {
  readonly servers: readonly Server[];
  readonly port: number;
}

/**
 * @param host null: both loopback addresses, at one port; only IPv4 on a machine without IPv6.
 * @param port 0 takes a free one.
 * @throws JobschedError `port_in_use`, `address_unavailable`. Nothing is left listening then.
 */
export async function listen(newServer: () => Server, host: string | null, port: number): Promise<Listening> {
  if (host !== null) {
    const server = newServer();
    return { servers: [server], port: await bind(server, host, port) };
  }
  for (let tries = 1; ; tries += 1) {
    try {
      return await listenOnLoopback(newServer, port);
    } catch (error) {
      const otherPort = port === 0 && error instanceof JobschedError && error.code === 'port_in_use';
      if (!otherPort || tries === TRIES) throw error;
    }
  }
}

async function listenOnLoopback(newServer: () => Server, port: number): Promise<Listening> {
  const four = newServer();
  const taken = await bind(four, LOOPBACK[0], port);
  const six = newServer();
  try {
    await bind(six, LOOPBACK[1], taken);
    return { servers: [four, six], port: taken };
  } catch (error) {
    if (isNoIpv6(error)) return { servers: [four], port: taken };
    four.close();
    throw error;
  }
}

function isNoIpv6(error: unknown): boolean {
  return error instanceof JobschedError && NO_IPV6.has(codeOf(error.cause));
}

async function bind(server: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host, port, exclusive: true }, resolve);
  try {
    await promise;
    return (server.address() as AddressInfo).port;
  } catch (error) {
    throw refusal(error, host, port);
  } finally {
    server.off('error', reject);
  }
}

function portHint(other: number): string {
  return `Is a jobsched running already? If not, choose another port: --port ${other}
Clients then need --server http://localhost:${other} (or JOBSCHED_SERVER).`;
}

function refusal(cause: unknown, host: string, port: number): unknown {
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  switch (codeOf(cause)) {
    case 'EADDRINUSE':
      return new JobschedError('port_in_use', `port ${port} is taken: another program listens on ${where}`, {
        field: '--port',
        hint: portHint(port < 65_535 ? port + 1 : 8080),
        cause,
      });
    case 'EACCES':
      return new JobschedError(
        'address_unavailable',
        `${where} may not be listened on: ports below 1024 are for root`,
        {
          field: '--port',
          hint: 'Choose a port from 1024 on, such as --port 8080.',
          cause,
        },
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new JobschedError('address_unavailable', `${host} is no address of this machine`, {
        field: '--host',
        hint: 'Leave out --host to listen on this machine alone, or name one of its addresses.',
        cause,
      });
    default:
      return cause;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
