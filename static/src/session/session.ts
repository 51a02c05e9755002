/** Who is at the page, and what that one may do. */
import { computed, signal } from '@preact/signals';
import { ApiError, request } from '../api/request.ts';

export type Role = 'viewer' | 'operator' | 'admin';

export interface Session {
  readonly name: string;
  readonly role: Role;
  readonly kind: 'key' | 'session' | 'local' | 'open';
  /** Whether somebody without a key or a login is refused. */
  readonly auth_required: boolean;
  /** Whether the server takes no changes from anybody. */
  readonly read_only: boolean;
}

/** Null until it is known. Actions are offered meanwhile: the server is who refuses. */
export const session = signal<Session | null>(null);

/** Whether the server wants to know who is there first. */
export const loginNeeded = signal(false);

const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

/** Why jobs, runs and workers cannot be acted on; null when they can. */
export const noOperating = computed(() => refusal('operator'));
/** Why keys and the audit log cannot be seen; null when they can. */
export const noAdmin = computed(() =>
  session.value !== null && RANK[session.value.role] < RANK.admin ? words('admin') : null,
);

export async function loadSession(): Promise<void> {
  try {
    session.value = await request<Session>('GET', 'api/whoami');
    loginNeeded.value = false;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) loginNeeded.value = true;
  }
}

export async function login(key: string): Promise<void> {
  await request('POST', 'api/login', { body: { key } });
  await loadSession();
}

export async function logout(): Promise<void> {
  await request('POST', 'api/logout');
  session.value = null;
  await loadSession();
}

function refusal(needed: Role): string | null {
  const at = session.value;
  if (at === null) return null;
  if (at.read_only) return 'This server is read-only: it takes no changes.';
  return RANK[at.role] < RANK[needed] ? words(needed) : null;
}

const words = (needed: Role): string => `This needs the role ${needed}; you are ${session.value?.role ?? 'nobody'}.`;
