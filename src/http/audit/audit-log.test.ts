import { pino } from 'pino';
import { expect, it } from 'vitest';
import { MOST_TARGETS, type NewAuditEntry } from '../../store/audit.ts';
import { createAuditLog } from './audit-log.ts';

const by = { who: 'ci', kind: 'key', keyId: null, role: 'admin', address: '::1', action: 'job.pause' } as const;

it('tries again what could not be written, before what came meanwhile', async () => {
  const tries: number[][] = [];
  const first = Promise.withResolvers<void>();
  const audit = createAuditLog(
    {
      appendAudit: (entries) => {
        tries.push(entries.map(({ detail }) => Number(detail['number'])));
        return tries.length > 1 ? Promise.resolve() : first.promise;
      },
    },
    pino({ level: 'silent' }),
  );
  const record = (number: number): void => audit.record({ ...by, target: 'job', targets: [], detail: { number } });
  for (const number of [1, 2]) record(number);
  const flushed = audit.flush();
  await expect.poll(() => tries.length).toBe(1);
  record(3);
  first.reject(new Error('away'));
  await flushed;
  await audit.stop();
  expect(tries).toEqual([
    [1, 2],
    [1, 2, 3],
  ]);
});

it('keeps entries of 10,000 things for an engine that is away, the newest, and says once that it lost others', async () => {
  let away = true;
  const kept: NewAuditEntry[] = [];
  const log: string[] = [];
  const audit = createAuditLog(
    {
      appendAudit: async (entries) => {
        if (away) throw new Error('away');
        kept.push(...entries);
      },
    },
    pino({ level: 'warn' }, { write: (line) => void log.push(line) }),
  );
  const targets = Array.from({ length: MOST_TARGETS }, (_, index) => ({ id: `job-${index}`, detail: {} }));
  for (let number = 0; number < 103; number += 1) {
    audit.record({ ...by, target: null, targets, detail: { number } });
  }
  await audit.flush();
  away = false;
  audit.record({ ...by, target: 'job', targets: [], detail: { number: 103 } });
  await audit.stop();
  expect(kept.map(({ detail }) => detail['number'])).toEqual(Array.from({ length: 100 }, (_, index) => 4 + index));
  expect(log).toHaveLength(1);
});
