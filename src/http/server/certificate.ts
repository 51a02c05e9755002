/**
 * The certificate that the server shows, and its key: two files that somebody renews. They are looked at every few
 * seconds, through links, so that it is all the same how they are replaced: written anew, renamed over the old ones, or
 * by another target of a link or of a folder's link, as certbot and Kubernetes do. A pair that is no good, such as one
 * half of which is new, leaves the old one in use.
 */
import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { JobschedError, messageOf } from '../../errors.ts';
import type { Millis } from '../../domain/instant.ts';
import type { Logger } from '../../log.ts';

/** Paths of files in PEM. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface Certificate {
  /** As it is now. */
  readonly context: SecureContextOptions;
  /** Calls with each new pair. @returns what ends it. */
  watch(everyMs: Millis, use: (context: SecureContextOptions) => void): () => void;
}

/** @throws JobschedError `invalid_config` for files that cannot be read, or are no pair. */
export async function readCertificate(files: TlsFiles, logger: Logger): Promise<Certificate> {
  let seen = await signature(files);
  const context = await readPair(files);

  async function look(use: (context: SecureContextOptions) => void): Promise<void> {
    const now = await signature(files);
    if (now === seen) return;
    seen = now;
    try {
      const renewed = await readPair(files);
      use(renewed);
      logger.info({ valid_to: validTo(renewed) }, 'the certificate has changed: new connections get the new one');
    } catch (error) {
      logger.error({ err: error }, 'the certificate has changed and cannot be used: the old one stays in use');
    }
  }

  return {
    context,
    watch: (everyMs, use) => {
      let underWay = Promise.resolve();
      const timer = setInterval(() => {
        underWay = underWay.then(() => look(use));
      }, everyMs).unref();
      return () => clearInterval(timer);
    },
  };
}

/** Whatever changes about the files themselves, behind all links. */
async function signature({ certificate, key }: TlsFiles): Promise<string> {
  const parts = await Promise.all(
    [certificate, key].map(async (path) => {
      const file = await stat(path, { bigint: true }).catch(() => null);
      return file === null ? 'none' : [file.dev, file.ino, file.size, file.mtimeNs, file.ctimeNs].join(':');
    }),
  );
  return parts.join(' ');
}

/** TLS 1.2 with Node's own choice of ciphers, which has none that are broken. */
async function readPair({ certificate, key }: TlsFiles): Promise<SecureContextOptions> {
  const context = {
    cert: await read('--tls-cert', certificate),
    key: await read('--tls-key', key),
    minVersion: 'TLSv1.2',
  } as const;
  parse('--tls-cert', certificate, 'holds no certificate', () => void new X509Certificate(context.cert));
  parse('--tls-key', key, 'is no key of that certificate, without a passphrase', () => createSecureContext(context));
  return context;
}

async function read(flag: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw refusal(flag, `${path} cannot be read: ${messageOf(error)}`, error);
  }
}

function parse(flag: string, path: string, words: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw refusal(flag, `${path} ${words}: ${messageOf(error)}`, error);
  }
}

function refusal(flag: string, why: string, cause: unknown): JobschedError {
  return new JobschedError('invalid_config', `${flag} ${why}`, {
    field: flag,
    hint: 'Name two files in PEM: --tls-cert fullchain.pem --tls-key privkey.pem',
    cause,
  });
}

const validTo = ({ cert }: SecureContextOptions): string => new X509Certificate(String(cert)).validTo;
