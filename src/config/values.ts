/** Kinds of setting values. Flags and variables bring text, files bring what YAML has; each kind reads both. */
import { isIP } from 'node:net';
import { z } from 'zod';

const BYTES: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number): z.ZodType<number> {
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^-?\d{1,15}$/)
          .transform(Number),
      ],
      { error: 'must be a whole number' },
    )
    .pipe(
      z.number().int('must be a whole number').min(min, `must be at least ${min}`).max(max, `must be at most ${max}`),
    );
}

/** A number of bytes, or one with a unit: `512MiB`, `1GiB`. */
export function byteSize(min: number): z.ZodType<number> {
  const error = 'must be a number of bytes, or one with KiB, MiB, GiB or TiB: 512MiB';
  const text = z
    .string()
    .regex(/^\d{1,15}(KiB|MiB|GiB|TiB)?$/, error)
    .transform(parseBytes);
  return z.union([z.number().int(), text], { error }).pipe(z.number().min(min, `must be at least ${min} bytes`));
}

function parseBytes(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)(\D*)$/.exec(text) ?? [];
  return Number(digits) * (BYTES[unit] ?? 1);
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words): z.ZodType<Words[number]> {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` });
}

/** Any text but the empty one, without control characters. */
export function text(): z.ZodType<string, string> {
  return (
    z
      .string({ error: 'must be text' })
      .min(1, 'must not be empty')
      // oxlint-disable-next-line no-control-regex -- control characters are what this refuses
      .regex(/^[^\u0000-\u001f\u007f]*$/, 'must not contain control characters')
  );
}

/** Several words: a flag given several times, or words with commas between them, or a YAML list. */
export function list(item: z.ZodType<string, string>): z.ZodType<readonly string[]> {
  const split = z.string().transform((words) => words.split(',').map((word) => word.trim()));
  return z
    .union([split, z.array(z.string()).transform((all) => all.flatMap((words) => words.split(',')))], {
      error: 'must be words with commas between them',
    })
    .transform((words) => words.filter((word) => word !== ''))
    .pipe(z.array(item));
}

const ADDRESS = /^(?:\[[0-9a-fA-F:.]+\]|[^\s:[\]/@?#,]+)(?::\d{1,5})?$/;

/** A host, and a port if it is not the usual one: `redis-1:6379`, `[::1]:6379`. */
export function address(): z.ZodType<string, string> {
  return text().refine((words) => ADDRESS.test(words), 'must be a host and a port, such as localhost:6379');
}

/** `loopback`, an address, or a range of them: `10.0.0.0/8`. */
export function addressRange(): z.ZodType<string, string> {
  return text().refine(isAddressRange, 'must be addresses, ranges such as 10.0.0.0/8, or "loopback"');
}

function isAddressRange(word: string): boolean {
  const [, address = '', bits = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(word) ?? [];
  const family = isIP(address);
  return word === 'loopback' || (family !== 0 && Number(bits) <= (family === 4 ? 32 : 128));
}

/** Names at the top of the API that other programs ask for: a base path of that name would hide them. */
const TOP_NAMES = /^\/(?:api|livez|readyz|metrics)(?:\/|$)/;

/** Parts of letters, digits and `-._~`, none of them only dots. */
const BASE_PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)*$/;

/** A path that others lie below, without a slash at its end: `/jobs`; the root is the empty one. */
export function basePath(): z.ZodType<string, string> {
  return text()
    .transform((path) => path.replace(/\/$/, ''))
    .refine((path) => BASE_PATH.test(path), 'must be a path such as /jobs, of letters, digits and - . _ ~')
    .refine(
      (path) => !TOP_NAMES.test(path),
      "must not begin with a name of the API's own: api, livez, readyz, metrics",
    );
}

const WORDS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false, yes: true, no: false };

/** A switch: named as a flag, `true` or `false` elsewhere. */
export function onOff(): z.ZodType<boolean> {
  return z.unknown().transform((value, context) => {
    const known = typeof value === 'boolean' ? value : WORDS[String(value)];
    if (known !== undefined) return known;
    context.addIssue('must be true or false');
    return z.NEVER;
  });
}
