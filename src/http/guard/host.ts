/**
 * Which names a request may be addressed to. A browser that was told that `evil.example` is 127.0.0.1 (DNS rebinding)
 * still says `Host: evil.example`; names that no stranger can point at us are the only ones answered.
 */
import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { JobschedError } from '../../errors.ts';

export interface HostRule {
  /** The machine's own name. */
  readonly machine: string;
  /** Where people reach the page through a proxy. */
  readonly publicUrl: string | null;
  /** Names or addresses, without ports, whatever the case. */
  readonly allowed: readonly string[];
}

/** Allowed without being listed: no DNS server decides what these are. */
const ALWAYS = ['localhost'];

export function allowedHosts(rule: HostRule): ReadonlySet<string> {
  const names = [...ALWAYS, rule.machine, ...rule.allowed];
  if (rule.publicUrl !== null) names.push(new URL(rule.publicUrl).hostname);
  return new Set(names.map((name) => name.toLowerCase().replace(/\.$/, '')));
}

/** To whom a request is addressed. */
export interface Host {
  /** The Host header, as it was sent. */
  readonly header: string;
  /** As {@link hostName} has it. */
  readonly name: string;
}

/**
 * @throws JobschedError `invalid_request` when there is not exactly one, `host_not_allowed` when its name is a stranger.
 */
export function checkHost(request: IncomingMessage, allowed: ReadonlySet<string>): Host {
  const header = onlyHost(request.rawHeaders);
  const name = hostName(header);
  if (name !== null && (allowed.has(name) || isIP(name) !== 0)) return { header, name };
  throw new JobschedError('host_not_allowed', `this server is not called ${JSON.stringify(header.slice(0, 100))}`, {
    hint: 'If it should be, start it with --allowed-host NAME or --public-url URL.',
  });
}

/** Node joins or drops repeated headers as it sees fit: proxies before us may have seen another one. */
function onlyHost(rawHeaders: readonly string[]): string {
  let host: string | null = null;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== 'host') continue;
    if (host !== null) {
      throw new JobschedError('invalid_request', 'the request has more than one Host header', {
        field: 'Host',
        hint: 'Send it once.',
      });
    }
    host = rawHeaders[index + 1] ?? '';
  }
  if (host === null) {
    throw new JobschedError('invalid_request', 'the request has no Host header', {
      field: 'Host',
      hint: 'Send it, as HTTP/1.1 asks for it.',
    });
  }
  return host;
}

const HOST = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::(\d{1,5}))?$/i;

/** Empty where none is told. */
export function portOf(host: string): string {
  const [, , , port = ''] = HOST.exec(host) ?? [];
  return port;
}

/** The name or address in lower case, without port, brackets and final dot; null for what is no host at all. */
export function hostName(host: string): string | null {
  const [, bracketed, plain] = HOST.exec(host) ?? [];
  return bracketed?.toLowerCase() ?? plain?.toLowerCase().replace(/\.$/, '') ?? null;
}
