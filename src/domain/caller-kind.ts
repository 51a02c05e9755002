/**
 * How somebody was let in. `key`: by a key. `session`: as a page that somebody logged in to with a key. `local`: as this
 * machine's own user, or root, over loopback. `open`: as whoever reaches the port, since `--auth none` lets them.
 */
export const CALLER_KINDS = ['key', 'session', 'local', 'open'] as const;

export type CallerKind = (typeof CALLER_KINDS)[number];
