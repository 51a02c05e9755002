/** What went wrong in the handshake of TLS with the server, in words. */
import { JobschedError } from '../errors.ts';

const NO_TLS = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);

/** Those of OpenSSL, as Node passes them on. */
const UNTRUSTED = /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|CRL_)/;

/** @returns null for a code that tells of something else. */
export function tlsProblem(code: string, address: string, cause: unknown): JobschedError | null {
  const problem = (why: string, hint: string): JobschedError =>
    new JobschedError('server_unreachable', `cannot reach the server at ${address}: ${why} (${code})`, { hint, cause });
  if (NO_TLS.has(code)) return problem('it speaks no TLS', 'Write http:// rather than https:// before its address.');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return problem('its certificate is for another name', 'Name it in --server as its certificate does.');
  }
  if (UNTRUSTED.test(code)) {
    const hint = 'If an authority of your own has signed it: NODE_EXTRA_CA_CERTS=authority.pem before the command.';
    return problem('its certificate is not one to be trusted', hint);
  }
  if (!/^(?:ERR_SSL|ERR_TLS|EPROTO)/.test(code)) return null;
  return problem('TLS could not be agreed upon', 'It needs TLS 1.2 or newer at both ends.');
}
