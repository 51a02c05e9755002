import { pino } from 'pino';
import { expect, it } from 'vitest';
import { MOST_TARGETS, type NewAuditEntry } from '../../store/audit.ts';
import { createAuditLog } from './audit-log.ts';

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
  const by = { who: 'ci', kind: 'key', keyId: null, role: 'admin', address: '::1', action: 'job.pause' } as const;
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
