/** Keys: made, listed, revoked. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../../domain/instant.ts';
import { JobschedError } from '../../errors.ts';
import type { Key } from '../../store/keys.ts';
import { hashSecret, newKeySecret } from '../keys/secret.ts';
import { fromWireTimeOrNull, toWireTime, toWireTimeOrNull } from '../reply/wire-time.ts';
import { json, nothing } from '../reply/reply.ts';
import { fault, refusal, validate } from '../request/validate.ts';
import { keyList, newKeyBody, newKeyView, type KeyList, type KeyView, type NewKeyView } from '../schema/access.ts';
import { route } from './route.ts';

export const listKeys = route({
  method: 'GET',
  path: '/api/keys',
  access: 'admin',
  doc: {
    id: 'listKeys',
    tag: 'access',
    summary: 'List the keys',
    description: 'Without their secrets, which nobody has but their owners. The expired ones too.',
    responses: { 200: { description: 'The keys.', schema: keyList } },
    errors: [],
  },
  handle: async ({ app: { store } }) => {
    const [keys, now] = await Promise.all([store.keys(), store.now()]);
    return json(200, { keys: keys.map((key) => toKeyView(key, now)) } satisfies KeyList);
  },
});

export const createKey = route({
  method: 'POST',
  path: '/api/keys',
  access: 'admin',
  action: 'key.create',
  doc: {
    id: 'createKey',
    tag: 'access',
    summary: 'Make a key',
    description:
      'Its secret is in the reply, this once. The first key is one of role admin. From then on who asks without a key over ' +
      'loopback is an operator.',
    responses: { 201: { description: 'The key, with its secret.', schema: newKeyView } },
    errors: ['invalid_request', 'name_taken'],
  },
  body: { schemas: [newKeyBody], required: true },
  handle: async ({ app: { store, keys: known }, body, deeds }) => {
    const { name, role = 'operator', expires_at: expires } = validate(newKeyBody, body);
    const expiresAt = fromWireTimeOrNull(expires);
    const now = await store.now();
    if (expiresAt !== null && expiresAt <= now) throw refusal([fault('expires_at', 'has passed already')]);
    const [id, secret] = [randomUUID(), newKeySecret()];
    const detail = { name, role, expires_at: toWireTimeOrNull(expiresAt) };
    const making = store
      .createKey({ id, name, role, hash: hashSecret(secret), expiresAt })
      .finally(() => known.forget());
    const made = await deeds.trying(making, id, detail);
    if (made.status === 'admin_first') throw adminFirst();
    if (made.status === 'name_taken') throw nameTaken(name);
    deeds.did(id, detail);
    return json(201, { ...toKeyView(made.key, now), key: secret } satisfies NewKeyView);
  },
});

export const revokeKey = route({
  method: 'DELETE',
  path: '/api/keys/:ref',
  access: 'admin',
  action: 'key.revoke',
  doc: {
    id: 'revokeKey',
    tag: 'access',
    summary: 'Revoke a key',
    description:
      'By its name or its id. It and its sessions end at once on this server, and within 3 seconds on all others. The last ' +
      'valid one of role admin stays while there are others.',
    responses: { 204: { description: 'It is revoked.' } },
    errors: ['not_found'],
  },
  handle: async ({ app: { store, keys: known }, params, deeds }) => {
    const ref = params['ref'] ?? '';
    const keys = await store.keys();
    const key = keys.find(({ id }) => id === ref) ?? keys.find(({ name }) => name === ref);
    if (key === undefined) throw noKey(ref);
    const detail = { name: key.name, role: key.role };
    // Also when it fails: it may be revoked all the same.
    const revoking = store.revokeKey(key.id).finally(() => known.forget());
    const revoked = await deeds.trying(revoking, key.id, detail);
    if (revoked === 'not_found') throw noKey(ref);
    if (revoked === 'last_admin') throw lastAdmin(key);
    deeds.did(key.id, detail);
    return nothing(204);
  },
});

function toKeyView({ id, name, role, createdAt, expiresAt, lastUsedAt }: Key, now: Instant): KeyView {
  return {
    id,
    name,
    role,
    created_at: toWireTime(createdAt),
    expires_at: toWireTimeOrNull(expiresAt),
    expired: expiresAt !== null && expiresAt <= now,
    last_used_at: toWireTimeOrNull(lastUsedAt),
  };
}

function adminFirst(): JobschedError {
  return new JobschedError('invalid_request', 'the first key is one of role admin', {
    field: 'role',
    hint: 'Make one for whoever makes the others: jobsched key create me --role admin',
  });
}

function lastAdmin({ name }: Key): JobschedError {
  return new JobschedError('invalid_request', `${name} is the last key of role admin, and there are others`, {
    hint: 'Make another of that role first, or revoke the others before it.',
  });
}

function nameTaken(name: string): JobschedError {
  return new JobschedError('name_taken', `there is a key of the name ${JSON.stringify(name)}`, {
    field: 'name',
    hint: `Choose another, or revoke that one: jobsched key revoke ${name}`,
  });
}

function noKey(ref: string): JobschedError {
  return new JobschedError('not_found', `there is no key ${JSON.stringify(ref.slice(0, 100))}`, {
    hint: '`jobsched key list` shows those that there are.',
  });
}
