/** What is running here, and who is at the page. */
import type { JSX } from 'preact';
import { getStats } from '../api/system.ts';
import { href } from '../base.ts';
import { number } from '../format/size.ts';
import { Moment } from '../parts/moment.tsx';
import { Problem } from '../parts/problem.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useResource } from '../resource.ts';
import { logout, session } from '../session/session.ts';

export function About(): JSX.Element {
  const resource = useResource('stats', getStats, () => false);
  const stats = resource.value.value;
  if (stats === null) return resource.error.value === null ? <Skeleton /> : <Problem error={resource.error.value} />;
  const { jobs } = stats;
  const lost = stats.lost.jobs + stats.lost.runs;
  const facts: readonly (readonly [string, JSX.Element | string])[] = [
    ['Version', stats.version],
    ['Up since', <Moment key="up" at={stats.started_at} />],
    ['Data', <code key="data">{stats.engine}</code>],
    ['Time zone of schedules', stats.timezone],
    ['Jobs', number(jobs.once + jobs.scheduled + jobs.paused + jobs.finished)],
    // A file loses nothing.
    ...(lost > 0 ? [['Lost with its Redis', number(lost)] as const] : []),
  ];
  return (
    <div class="settings">
      <section class="card" aria-labelledby="installation">
        <h2 id="installation">This installation</h2>
        <dl class="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p class="quiet">
          <a href={href('api/openapi.json')}>API description</a> ·{' '}
          <a href={href('metrics')} target="_blank" rel="noreferrer">
            Metrics
          </a>
        </p>
      </section>
      <You />
    </div>
  );
}

const KIND_WORDS = {
  key: 'by a key',
  session: 'logged in',
  local: 'as the user who runs this server',
  open: 'as anybody: this server asks for no key',
} as const;

function You(): JSX.Element | null {
  const you = session.value;
  if (you?.kind == null) return null;
  return (
    <section class="card" aria-labelledby="you">
      <div class="panel-line">
        <h2 id="you">You</h2>
        {you.kind === 'session' && (
          <button type="button" onClick={() => void logout()}>
            Log out
          </button>
        )}
      </div>
      <p>
        {you.name}, {you.role}, {KIND_WORDS[you.kind]}
        {you.read_only && '. This server is read-only: it takes no changes'}
      </p>
    </section>
  );
}
