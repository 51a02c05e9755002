import { expect, it } from 'vitest';
import { readAudit } from './audit.ts';

it('reads entries that are older than some of their fields', () => {
  const old = { id: 'x', who: 'ci', role: 'admin', address: '::1', action: 'job.run', target: 'x', detail: {} };
  expect(readAudit(JSON.stringify(old))).toEqual({ ...old, kind: null, keyId: null });
});
