/** The filter of the list as the page's address has it, `?q=backup&status=failed`: it outlives a reload and can be sent. */
import type { JobQuery } from '../api/jobs.ts';
import { STATUS_WORDS } from '../parts/status.tsx';

/** How many characters of a text to search for are kept. */
export const MOST_TEXT = 200;

/** What is not a state is left out. */
export function parseQuery(search: string): JobQuery {
  const params = new URLSearchParams(search);
  const status = params.get('status') ?? '';
  const text = params.get('q') ?? '';
  return { status: Object.hasOwn(STATUS_WORDS, status) ? status : '', text: text.slice(0, MOST_TEXT) };
}

/** Empty for a filter that lets all through. */
export function querySearch({ status, text }: JobQuery): string {
  const params = new URLSearchParams();
  if (text !== '') params.set('q', text);
  if (status !== '') params.set('status', status);
  return params.size === 0 ? '' : `?${params}`;
}
