/** What somebody may do. Each role may do what those before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;

/** `viewer` looks; `operator` also changes jobs, runs, queues and workers; `admin` also makes keys and reads the audit log. */
export type Role = (typeof ROLES)[number];

/** Whether whoever has the one role may do what asks for the other. */
export function includesRole(has: Role, needed: Role): boolean {
  return ROLES.indexOf(has) >= ROLES.indexOf(needed);
}
