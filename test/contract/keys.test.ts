import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { MOST_SESSIONS, type NewKey } from '../../src/store/keys.ts';
import { contract } from './contract.ts';
import type { World } from './world.ts';

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

function newKey(name: string, fields: Partial<NewKey> = {}): NewKey {
  return { id: randomUUID(), name, role: 'admin', hash: hashOf(name), expiresAt: null, ...fields };
}

async function made(world: World, name: string, fields: Partial<NewKey> = {}): Promise<NewKey> {
  const key = newKey(name, fields);
  expect(await world.store.createKey(key)).toMatchObject({ status: 'created' });
  return key;
}

async function opened(world: World, key: NewKey, life = HOUR): Promise<string> {
  const hash = hashOf(randomUUID());
  expect(await world.store.openSession({ hash, key: key.id, expiresAt: (await world.now()) + life })).toBe('opened');
  return hash;
}

contract('keys', (it) => {
  it('are found by their hash alone, and listed newest first', async ({ world }) => {
    const { store } = world;
    expect(await store.keys()).toEqual([]);
    const createdAt = await world.now();
    const first = await made(world, 'ci', { role: 'admin' });
    world.clock.advance(MINUTE);
    const second = await made(world, 'page', { expiresAt: createdAt + HOUR });
    expect(await store.findKey(first.hash)).toEqual({ ...first, createdAt, lastUsedAt: null });
    expect(await store.findKey(first.id)).toBeNull();
    expect(await store.findKey('')).toBeNull();
    expect(await store.keys()).toEqual([
      { ...second, createdAt: createdAt + MINUTE, lastUsedAt: null },
      { ...first, createdAt, lastUsedAt: null },
    ]);
  });

  it('have names that are theirs, until they are revoked', async ({ world }) => {
    const { store } = world;
    const first = await made(world, 'ci');
    expect(await store.createKey(newKey('ci', { hash: hashOf('other') }))).toEqual({ status: 'name_taken' });
    expect(await store.findKey(hashOf('other'))).toBeNull();
    expect(await store.createKey(first)).toMatchObject({ status: 'existing', key: { id: first.id } });
    expect(await store.revokeKey(first.id)).toBe('revoked');
    expect(await store.revokeKey(first.id)).toBe('not_found');
    expect(await store.findKey(first.hash)).toBeNull();
    expect(await store.keys()).toEqual([]);
    await made(world, 'ci');
  });

  it('expire, and are listed all the same', async ({ world }) => {
    const key = await made(world, 'ci', { expiresAt: (await world.now()) + MINUTE });
    world.clock.advance(MINUTE - 1);
    expect(await world.store.findKey(key.hash)).not.toBeNull();
    world.clock.advance(1);
    expect(await world.store.findKey(key.hash)).toBeNull();
    expect(await world.store.keys()).toMatchObject([{ id: key.id }]);
  });

  it('begin with one of role admin, and keep a valid one as long as there are others', async ({ world }) => {
    const { store } = world;
    expect(await store.createKey(newKey('ci', { role: 'operator' }))).toEqual({ status: 'admin_first' });
    expect(await store.keys()).toEqual([]);
    const [boss, other] = [await made(world, 'boss'), await made(world, 'other')];
    const old = await made(world, 'old', { expiresAt: (await world.now()) + MINUTE });
    const ci = await made(world, 'ci', { role: 'viewer' });
    world.clock.advance(MINUTE);
    // Two that revoke each other at once.
    const both = await Promise.all([store.revokeKey(boss.id), store.revokeKey(other.id)]);
    expect(both).toEqual(['revoked', 'last_admin']);
    expect(await store.revokeKey(old.id)).toBe('revoked');
    expect(await store.revokeKey(other.id)).toBe('last_admin');
    expect(await store.revokeKey(ci.id)).toBe('revoked');
    expect(await store.revokeKey(other.id)).toBe('revoked');
    expect(await store.keys()).toEqual([]);
  });

  it('tell when they were used last', async ({ world }) => {
    const key = await made(world, 'ci');
    world.clock.advance(MINUTE);
    await world.store.touchKey(key.id);
    expect(await world.store.keys()).toMatchObject([{ lastUsedAt: await world.now() }]);
    await world.store.revokeKey(key.id);
    await world.store.touchKey(key.id);
    expect(await world.store.keys()).toEqual([]);
  });

  it('outlive a restart, and so do sessions', async ({ world }) => {
    const key = await made(world, 'ci');
    const session = await opened(world, key);
    await world.reopen();
    expect(await world.store.findKey(key.hash)).toMatchObject(key);
    expect(await world.store.findSession(session)).toMatchObject({ key });
  });
});

contract('sessions', (it) => {
  it('are their key, until they are closed', async ({ world }) => {
    const key = await made(world, 'ci');
    const [one, other] = [await opened(world, key), await opened(world, key)];
    expect(await world.store.findSession(one)).toMatchObject({ key, expiresAt: (await world.now()) + HOUR });
    await world.store.closeSession(one);
    expect(await world.store.findSession(one)).toBeNull();
    expect(await world.store.findSession(other)).toMatchObject({ key });
    expect(await world.store.findSession(key.hash)).toBeNull();
    expect(await world.store.findKey(other)).toBeNull();
  });

  it('expire, and end with their key', async ({ world }) => {
    const { store } = world;
    const key = await made(world, 'ci', { expiresAt: (await world.now()) + HOUR });
    const [brief, long] = [await opened(world, key, MINUTE), await opened(world, key, 2 * HOUR)];
    world.clock.advance(MINUTE);
    expect(await store.findSession(brief)).toBeNull();
    expect(await store.findSession(long)).not.toBeNull();
    world.clock.advance(HOUR);
    expect(await store.findSession(long)).toBeNull();
    const session = { hash: hashOf('late'), key: key.id, expiresAt: (await world.now()) + HOUR };
    expect(await store.openSession(session)).toBe('no_key');
  });

  it('are so many for each key at most: those that end first go', async ({ world }) => {
    const { store } = world;
    const [key, other] = [await made(world, 'ci'), await made(world, 'other')];
    const others = await opened(world, other, MINUTE);
    const first = await opened(world, key, HOUR + 1);
    const second = await opened(world, key, HOUR + 2);
    const third = await opened(world, key, HOUR + 3);
    await store.closeSession(second);
    const there = async (hash: string): Promise<boolean> => (await store.findSession(hash)) !== null;
    for (let each = 2; each < MOST_SESSIONS; each += 1) await opened(world, key, HOUR + 10 + each);
    expect([await there(first), await there(third)]).toEqual([true, true]);
    // Also one that ends before all of them is let in; and opened again it takes no other's place.
    const brief = hashOf('brief');
    const session = { hash: brief, key: key.id, expiresAt: (await world.now()) + MINUTE };
    for (const _ of [1, 2]) expect(await store.openSession(session)).toBe('opened');
    expect([await there(first), await there(third), await there(brief), await there(others)]).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it('are gone at once when their key is revoked', async ({ world }) => {
    const key = await made(world, 'ci');
    const session = await opened(world, key);
    await world.store.revokeKey(key.id);
    expect(await world.store.findSession(session)).toBeNull();
    // Also when a key comes by the same name.
    await made(world, 'ci');
    expect(await world.store.findSession(session)).toBeNull();
    expect(await world.store.openSession({ hash: session, key: key.id, expiresAt: await world.now() })).toBe('no_key');
  });
});
