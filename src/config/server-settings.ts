/** Settings of what serves the API and the page: `standalone` and `serve`. */
import { z } from 'zod';
import { resolveTimeZone } from '../domain/schedule/time-zone-name.ts';
import { JobschedError } from '../errors.ts';
import { setting } from './setting.ts';
import { addressRange, basePath, byteSize, integer, list, oneOf, onOff, text } from './values.ts';

/** A zone by its canonical spelling; one that does not exist is refused in the schedules' own words. */
const zone = text().transform((name, context) => {
  try {
    return resolveTimeZone(name);
  } catch (error) {
    const hint = error instanceof JobschedError ? error.hint : null;
    context.addIssue(`is not a time zone that there is. ${hint ?? ''}`.trimEnd());
    return z.NEVER;
  }
});

export const SERVER_SETTINGS = {
  host: setting<string | null>({
    schema: text(),
    fallback: () => null,
    fallbackWords: '127.0.0.1 and ::1',
    placeholder: '<address>',
    help: 'Address to listen on. Anything but a loopback address also needs a key to be there (jobsched key create), or --auth none.',
  }),
  port: setting({
    schema: integer(0, 65_535),
    fallback: () => 8080,
    placeholder: '<port>',
    help: 'Port of the API and the page. 0 takes a free one.',
  }),
  auth: setting({
    schema: oneOf(['local', 'keys', 'none']),
    fallback: () => 'local' as const,
    placeholder: '<local|keys|none>',
    help: 'Who may ask without a key: "local", the user that runs jobsched, and root, on this machine; "keys", nobody, once there is a key; "none", whoever reaches the port.',
  }),
  metricsOpen: setting({
    schema: onOff(),
    fallback: () => false,
    fallbackWords: 'off',
    placeholder: null,
    help: 'Show /metrics to whoever reaches the port, without a key.',
  }),
  readOnly: setting({
    schema: onOff(),
    fallback: () => false,
    fallbackWords: 'off',
    placeholder: null,
    help: 'Change nothing for anybody who asks this server: jobs and runs can only be looked at. What is scheduled goes on.',
  }),
  publicUrl: setting<string | null>({
    schema: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
    fallback: () => null,
    fallbackWords: 'none',
    placeholder: '<url>',
    help: 'The address people reach the page by, when a proxy stands before it. Its host is allowed in requests.',
  }),
  allowedHost: setting<readonly string[]>({
    schema: list(text()),
    fallback: () => [],
    fallbackWords: 'none',
    placeholder: '<name>',
    help: "Further host names that requests may be addressed to, besides localhost, IP addresses and the machine's name. May be repeated.",
  }),
  trustProxy: setting<readonly string[]>({
    schema: list(addressRange()),
    fallback: () => [],
    fallbackWords: 'none',
    placeholder: '<address>',
    help: 'Proxies that are believed about whom they ask for (X-Forwarded-For, X-Forwarded-Proto): addresses, ranges such as 10.0.0.0/8, or "loopback". May be repeated.',
  }),
  basePath: setting<string | null>({
    schema: basePath(),
    fallback: () => null,
    fallbackWords: 'that of --public-url',
    placeholder: '<path>',
    help: 'The path below which a proxy shows the page and the API, such as /jobs. The proxy may pass it on or take it off.',
  }),
  rateLimit: setting({
    schema: integer(0, 1_000_000),
    fallback: () => 2_000,
    placeholder: '<requests>',
    help: 'How many requests a second one address may send (of IPv6, one network of 64 bits); twice as many in a burst. Programs on this machine may send any number. 0: all may.',
  }),
  tlsCert: setting<string | null>({
    schema: text(),
    fallback: () => null,
    fallbackWords: 'none',
    placeholder: '<file>',
    help: 'Certificate in PEM, with those between it and its authority: then TLS is spoken on the port. Read again when it changes.',
  }),
  tlsKey: setting<string | null>({
    schema: text(),
    fallback: () => null,
    fallbackWords: 'none',
    placeholder: '<file>',
    help: 'Its key in PEM, without a passphrase. Read again when it changes.',
  }),
  timezone: setting({
    schema: zone,
    fallback: (machine) => machine.timezone,
    fallbackWords: "the system's",
    placeholder: '<zone>',
    help: 'Time zone of schedules that name none.',
  }),
  outputBudget: setting({
    schema: byteSize(2 ** 20),
    fallback: () => 2 ** 30,
    fallbackWords: '1GiB',
    placeholder: '<bytes>',
    help: 'What the stored output of all runs may take. Beyond it the oldest goes first.',
  }),
} as const;

/** Of `serve` alone, of which there may be several behind a proxy. */
export const SERVE_SETTINGS = {
  shutdownDelay: setting({
    schema: integer(0, 3_600),
    fallback: () => 0,
    placeholder: '<seconds>',
    help: 'How long requests are still answered after TERM, while /readyz says 503, so that a proxy can turn to other servers first. 0 to 3600.',
  }),
} as const;
