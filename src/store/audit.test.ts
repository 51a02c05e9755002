import { expect, it } from 'vitest';
import { auditText, mayMatchAudit, readAudit, type NewAuditEntry } from './audit.ts';

it('reads entries that are older than some of their fields', () => {
  const old = { id: 'x', who: 'ci', role: 'admin', address: '::1', action: 'job.run', target: 'x', detail: {} };
  expect(readAudit(JSON.stringify(old))).toEqual({ ...old, kind: null, keyId: null, targets: [] });
});

it('is written without what says nothing, and found by its text', () => {
  const by = { who: 'ci', kind: 'key', keyId: null, role: 'admin', address: '::1' } as const;
  const targets = [
    { id: 'one', detail: {} },
    { id: 't"wo', detail: { name: 'nightly' } },
  ];
  const entry: NewAuditEntry = { id: 'x', ...by, action: 'job.pause', target: null, targets, detail: {} };
  const text = auditText(entry);
  expect(readAudit(text)).toEqual(entry);
  expect(text).toContain('[{"id":"one"},');
  expect(mayMatchAudit({ target: 't"wo' }, text)).toBe(true);
  expect(mayMatchAudit({ target: 'three' }, text)).toBe(false);
  expect(mayMatchAudit({}, text)).toBe(true);
});
