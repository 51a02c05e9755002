/** What the audit log tells of: everything that changes something, and who tried to come in. */
export const AUDIT_ACTIONS = [
  'job.create',
  'job.update',
  'job.delete',
  'job.run',
  'job.pause',
  'job.resume',
  'job.cancel',
  'run.cancel',
  'run.retry',
  'queue.update',
  'queue.pause',
  'queue.resume',
  'worker.drain',
  'key.create',
  'key.revoke',
  'backup.create',
  'login',
  'login.failed',
  'logout',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];
