/** The screens and their addresses below the base. `src/http/page/page.ts` has to know each of them too. */
const JOB_TABS = ['runs', 'definition', 'versions'] as const;
const SETTINGS = ['about', 'keys', 'audit'] as const;

export type Route =
  | { readonly page: 'overview' | 'jobs' | 'submit' | 'runs' | 'schedules' | 'login' | 'unknown' }
  | { readonly page: 'job'; readonly ref: string; readonly tab: (typeof JOB_TABS)[number] }
  | { readonly page: 'run'; readonly id: string }
  | { readonly page: 'workers'; readonly host: string | null }
  | { readonly page: 'settings'; readonly tab: (typeof SETTINGS)[number] };

const UNKNOWN: Route = { page: 'unknown' };

/** @param path without a leading slash. */
export function parseRoute(path: string): Route {
  const [page = '', ...parts] = path
    .replace(/(?<=.)\/$/, '')
    .split('/')
    .map(decode);
  const [first, second, third] = parts;
  if (third !== undefined || first === '' || second === '') return UNKNOWN;
  return (second === undefined ? short(page, first) : null) ?? long(page, first, second) ?? UNKNOWN;
}

function short(page: string, ref: string | undefined): Route | null {
  if (page === '') return ref === undefined ? { page: 'overview' } : null;
  if (page === 'workers') return { page, host: ref ?? null };
  if (page === 'run' || page === 'unknown') return null;
  if (page === 'runs' && ref !== undefined) return { page: 'run', id: ref };
  const plain = (['jobs', 'submit', 'runs', 'schedules', 'login'] as const).find((one) => one === page);
  return plain === undefined || ref !== undefined ? null : { page: plain };
}

function long(page: string, ref: string | undefined, tab: string | undefined): Route | null {
  if (page === 'settings' && tab === undefined) return settings(ref);
  if (page !== 'jobs' || ref === undefined) return null;
  const found = JOB_TABS.find((one) => one === (tab ?? 'runs'));
  return found === undefined ? null : { page: 'job', ref, tab: found };
}

function settings(tab: string | undefined): Route | null {
  const found = SETTINGS.find((one) => one === (tab ?? 'about'));
  return found === undefined ? null : { page: 'settings', tab: found };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
