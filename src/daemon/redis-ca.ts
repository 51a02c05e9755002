/** The authority that signed the certificates of a Redis, where that is no public one: `--redis-ca`. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { JobschedError, messageOf } from '../errors.ts';
import type { RedisAddress } from '../store/open.ts';

const FLAG = '--redis-ca';

/**
 * @param file null for none.
 * @throws JobschedError `invalid_config` for a file that holds no certificate, and for one that nothing would look at.
 */
export async function withAuthority(address: RedisAddress, file: string | null): Promise<RedisAddress> {
  if (file === null) return address;
  if (!address.tls) {
    const hint = 'Add --redis-tls, or write rediss:// rather than redis://; or leave --redis-ca away.';
    throw refusal('is for TLS, which is not spoken to this Redis', hint);
  }
  try {
    const ca = await readFile(file, 'utf8');
    // Said here by name, and not with every connection.
    void new X509Certificate(ca);
    return { ...address, ca };
  } catch (error) {
    throw refusal(`${file} holds no certificate that can be read: ${messageOf(error)}`, 'Name a file in PEM.');
  }
}

function refusal(why: string, hint: string): JobschedError {
  return new JobschedError('invalid_config', `${FLAG} ${why}`, { field: FLAG, hint });
}
