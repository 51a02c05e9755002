/** What will happen then, in words: for everything that a form says or leaves to its default. */
import { plural } from '../format/size.ts';
import type { Draft } from './draft.ts';

export function policyWords(draft: Draft): readonly string[] {
  const cron = draft.type === 'cron';
  return [
    retryWords(draft),
    draft.timeout_seconds === '' ? 'It may take as long as it likes.' : `It is ended after ${draft.timeout_seconds} s.`,
    ...(cron ? [OVERLAP[draft.overlap || 'skip'] ?? '', MISFIRE[draft.misfire || 'latest'] ?? ''] : []),
    placeWords(draft.queue),
  ].filter(Boolean);
}

function retryWords({ retries, retry_delay_seconds: delay, retry_on_exit_codes: codes }: Draft): string {
  if (retries === '' || retries === '0') return 'If it fails, it is not tried again.';
  const again = plural(Number(retries) || 0, 'more time');
  return `If it fails${codes === '' ? '' : ` with exit code ${codes}`}, it is tried ${again}, first after ${delay || '10'} s.`;
}

const OVERLAP: Readonly<Record<string, string>> = {
  skip: 'A time that comes while a run is live is skipped.',
  queue: 'A time that comes while a run is live waits for its end.',
  replace: 'A time that comes while a run is live ends that run.',
  allow: 'Runs may overlap.',
};

const MISFIRE: Readonly<Record<string, string>> = {
  latest: 'Of times that were missed, the latest runs.',
  all: 'All times that were missed run.',
  skip: 'Times that were missed do not run.',
};

function placeWords(queue: string): string {
  if (queue.startsWith('host:')) return `Only the worker ${queue.slice('host:'.length)} runs it.`;
  return queue === '' || queue === 'default'
    ? 'Any worker may run it.'
    : `A worker that serves the queue ${queue} runs it.`;
}
