/** Keys of every kind for a server of `startApi`. */
import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/domain/role.ts';
import { hashSecret, newKeySecret } from '../../src/http/keys/secret.ts';
import type { Store } from '../../src/store/store.ts';

/** Where there is none, an admin's is made before another. @returns its secret. */
export async function makeKey(
  store: Store,
  name: string,
  role: Role,
  expiresAt: number | null = null,
): Promise<string> {
  const secret = newKeySecret();
  const key = { id: randomUUID(), name, role, hash: hashSecret(secret), expiresAt };
  const { status } = await store.createKey(key);
  if (status !== 'admin_first') return secret;
  await makeKey(store, 'first', 'admin');
  await store.createKey(key);
  return secret;
}

export const bearer = (secret: string): { readonly authorization: string } => ({ authorization: `Bearer ${secret}` });

/** What a browser would send back of the cookie that was set. */
export function cookieOf(headers: Readonly<Record<string, string | string[] | undefined>>): {
  readonly cookie: string;
} {
  const [cookie = ''] = String(headers['set-cookie']).split(';');
  return { cookie };
}
