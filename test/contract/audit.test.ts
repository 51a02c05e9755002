import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { DAY, MINUTE } from '../../src/domain/instant.ts';
import type { AuditEntry, AuditFilter, NewAuditEntry } from '../../src/store/audit.ts';
import { contract } from './contract.ts';
import type { World } from './world.ts';

function entry(fields: Partial<NewAuditEntry> = {}): NewAuditEntry {
  const by = { who: 'ci', kind: 'key', keyId: randomUUID(), role: 'operator', address: '10.0.0.7' } as const;
  const given = { ...by, action: 'job.run', target: 'x', targets: [] } as const;
  return { id: randomUUID(), ...given, detail: {}, ...fields };
}

async function found({ store }: World, filter: AuditFilter = {}): Promise<readonly AuditEntry[]> {
  return (await store.listAudit(filter, 200, null)).rows;
}

contract('the audit log', (it) => {
  it('tells what was added, newest first', async ({ world }) => {
    const time = await world.now();
    const first = entry({ detail: { count: 3, name: 'ü"\n', dry: false, left: null }, role: null, target: null });
    const [second, third] = [entry(), entry()];
    await world.store.appendAudit([first]);
    world.clock.advance(MINUTE);
    await world.store.appendAudit([second, third]);
    expect(await found(world)).toEqual([
      { ...third, time: time + MINUTE },
      { ...second, time: time + MINUTE },
      { ...first, time },
    ]);
    await world.store.appendAudit([]);
    await world.store.appendAudit([second]);
    expect(await found(world)).toHaveLength(3);
    await world.reopen();
    expect(await found(world)).toHaveLength(3);
  });

  it('is filtered', async ({ world }) => {
    const start = await world.now();
    const [run, job, key] = [
      entry({ target: 'job-1.7', action: 'run.cancel' }),
      entry({ target: 'job-1', who: 'ann' }),
      entry({ target: 'job-10' }),
    ];
    for (const each of [run, job, key]) {
      await world.store.appendAudit([each]);
      world.clock.advance(MINUTE);
    }
    const ids = async (filter: AuditFilter): Promise<string[]> => (await found(world, filter)).map(({ id }) => id);
    expect(await ids({ target: 'job-1' })).toEqual([job.id, run.id]);
    const several = entry({
      target: null,
      targets: ['job-2', 'job-3.1'].map((id) => ({ id, detail: {} })),
      action: 'job.pause',
    });
    await world.store.appendAudit([several]);
    expect(await ids({ target: 'job-2' })).toEqual([several.id]);
    expect(await ids({ target: 'job-3' })).toEqual([several.id]);
    expect(await ids({ target: 'job' })).toEqual([]);
    expect(await ids({ target: 'job-1' })).toEqual([job.id, run.id]);
    expect(await ids({ who: 'ann' })).toEqual([job.id]);
    expect(await ids({ action: 'run.cancel', who: 'ci' })).toEqual([run.id]);
    expect(await ids({ since: start + MINUTE })).toEqual([several.id, key.id, job.id]);
    expect(await ids({ until: start + MINUTE })).toEqual([run.id]);
    expect(await ids({ since: start + MINUTE, until: start + MINUTE })).toEqual([]);
  });

  it('is read page by page, while more is added', async ({ world }) => {
    const first = Array.from({ length: 25 }, () => entry());
    await world.store.appendAudit(first);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await world.store.listAudit({}, 10, cursor);
      seen.push(...page.rows.map(({ id }) => id));
      cursor = page.next;
      await world.store.appendAudit([entry()]);
    } while (cursor !== null);
    expect(seen).toEqual(first.map(({ id }) => id).toReversed());
    await expect(world.store.listAudit({}, 10, 'r1.5')).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('loses the oldest: what is too old, and what is too many', async ({ world }) => {
    const policy = { onceKeepDays: 7, onceKeepCount: 1_000, outputBudgetBytes: 1e9 };
    const trim = (auditKeepDays: number, auditKeepCount: number, limit = 250): Promise<{ readonly more: boolean }> =>
      world.store.trim({ ...policy, auditKeepDays, auditKeepCount }, limit);
    const [old, newer] = [entry(), entry()];
    await world.store.appendAudit([old]);
    world.clock.advance(2 * DAY);
    await world.store.appendAudit([newer, ...Array.from({ length: 8 }, () => entry())]);
    await trim(3, 100);
    expect(await found(world)).toHaveLength(10);
    await trim(1, 100);
    expect((await found(world)).at(-1)).toMatchObject({ id: newer.id });
    expect(await trim(1, 4, 3)).toMatchObject({ more: true });
    expect(await found(world)).toHaveLength(6);
    expect(await trim(1, 4, 3)).toMatchObject({ more: false });
    expect(await found(world)).toHaveLength(4);
    // What one entry tells of counts thing by thing.
    const many = entry({
      target: null,
      targets: Array.from({ length: 3 }, (_, index) => ({ id: `job-${index}`, detail: {} })),
    });
    await world.store.appendAudit([many, entry(), entry()]);
    await world.store.appendAudit([many]);
    await trim(1, 5);
    expect(await found(world)).toHaveLength(3);
    await trim(1, 4);
    expect(await found(world)).toHaveLength(2);
    await trim(1, 2);
    expect(await found(world)).toHaveLength(2);
  });
});
