/** Who is at the page, and what that one may do. */
import { computed, signal } from '@preact/signals';
import type { WhoamiView } from '../../../src/http/schema/access.ts';
import { loginNeeded, logins } from '../api/login-needed.ts';
import { ApiError, request } from '../api/request.ts';

export type Role = NonNullable<WhoamiView['role']>;

/** Null until it is known. Actions are offered meanwhile: the server is who refuses. */
export const session = signal<WhoamiView | null>(null);

/** Whether somebody has been let in at this page who has not left it, though the session may have ended by itself. */
export const letIn = computed(() => session.value !== null && mayLook(session.value));

const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

/** Why jobs, runs and workers cannot be acted on; null when they can. */
export const noOperating = computed(() => refusal('operator'));
/** Why keys and the audit log cannot be seen; null when they can. */
export const noAdmin = computed(() => (isBelow('admin') ? words('admin') : null));

export async function loadSession(): Promise<void> {
  try {
    const found = await request<WhoamiView>('GET', 'api/whoami');
    session.value = found;
    loginNeeded.value = !mayLook(found);
  } catch (error) {
    // It is asked again at the next login; meanwhile the server is who refuses.
    if (!(error instanceof ApiError)) throw error;
  }
}

/** Looks whether the session has ended by itself. What is at the page stays there, below the login. */
export async function lookWhetherEnded(): Promise<void> {
  if (loginNeeded.peek()) return;
  // A server that does not answer ends nothing.
  const found = await request<WhoamiView>('GET', 'api/whoami').catch(() => null);
  if (found !== null && !mayLook(found)) loginNeeded.value = true;
}

export async function login(key: string): Promise<void> {
  await request('POST', 'api/login', { body: { key } });
  await loadSession();
  logins.value++;
}

export async function logout(): Promise<void> {
  await request('POST', 'api/logout');
  session.value = null;
  await loadSession();
}

const mayLook = ({ auth_required: required, role }: WhoamiView): boolean => !required || role !== null;

function refusal(needed: Role): string | null {
  const at = session.value;
  if (at === null) return null;
  if (at.read_only) return 'This server is read-only: it takes no changes.';
  return isBelow(needed) ? words(needed) : null;
}

function isBelow(needed: Role): boolean {
  const at = session.value;
  return at !== null && (at.role === null || RANK[at.role] < RANK[needed]);
}

const words = (needed: Role): string => `This needs the role ${needed}; you are ${session.value?.role ?? 'nobody'}.`;
