/** Whom TLS trusts. */
import type { RedisAddress } from './address.ts';

/** As options of a TLS connection; empty for the authorities that Node knows. */
export function trustOf({ ca }: RedisAddress): { readonly ca?: string } {
  return ca === undefined ? {} : { ca };
}
