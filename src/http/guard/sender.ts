/** What the head of a request and its connection tell of who sends it, before anybody knows whose it is. */
import type { Host } from './host.ts';
import type { CookiePlace } from './session-cookie.ts';

export interface Sender {
  /** Of the client, as far as it can be believed. IPv4 in its own form. */
  readonly address: string;
  /** Whether a proxy says of itself that it passed the request on. */
  readonly isForwarded: boolean;
  /** To whom it is addressed: already allowed. */
  readonly host: Host;
  /** Tells where a page has the cookie of its session: few requests ask. */
  readonly cookiePlace: () => CookiePlace;
}
