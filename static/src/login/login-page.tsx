/** `/login`: a key for a session. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ApiError } from '../api/request.ts';
import { startAnew } from '../live/live.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { Problem } from '../parts/problem.tsx';
import { overviewHref, redirect, route } from '../router.ts';
import { login } from '../session/session.ts';

export function LoginPage(): JSX.Element {
  const key = useSignal('');
  const busy = useSignal(false);
  const error = useSignal<ApiError | null>(null);
  const field = useRef<HTMLInputElement>(null);
  // `autofocus` is heeded once only on a page, and the login may come again.
  useEffect(() => field.current?.focus(), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    error.value = null;
    try {
      await login(key.value.trim());
      startAnew();
      if (route.value.page === 'login') redirect(overviewHref());
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      error.value = cause;
    } finally {
      busy.value = false;
    }
  };
  return (
    <form class="login" onSubmit={(event) => void submit(event)}>
      <svg class="logo" viewBox="0 0 16 16" width="40" height="40" aria-hidden="true" focusable="false">
        <circle cx="8" cy="8" r="6.5" />
        <path d="M8 4.3V8l2.4 1.5" />
      </svg>
      <PageTitle title="Log in to jobsched" />
      <div class="field">
        <label for="key">API key</label>
        <input
          ref={field}
          id="key"
          type="password"
          class="mono"
          autocomplete="current-password"
          autofocus
          required
          aria-describedby="key-about"
          value={key.value}
          onInput={(event) => (key.value = event.currentTarget.value)}
        />
        <p id="key-about" class="about quiet">
          Whoever runs the server makes one: <code>jobsched key create</code>
        </p>
      </div>
      {error.value !== null && <Problem error={error.value} />}
      <button type="submit" class="primary" aria-disabled={busy.value}>
        {busy.value ? 'Logging in…' : 'Log in'}
      </button>
    </form>
  );
}
