/** Certificates that an authority of the test's own has signed, for servers on this machine. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './folder.ts';

export interface Certificates {
  /** Files in PEM. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  /** What the authority's file holds. */
  readonly pem: string;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const NAMES = 'subjectAltName=IP:127.0.0.1,DNS:localhost';

/** Removed when the test has ended. */
export async function makeCertificates(): Promise<Certificates> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const file = (name: string): string => `${folder.path}/${name}.pem`;
  const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { stdio: 'ignore' });
  const authority = ['-subj', '/CN=authority', '-keyout', file('authority-key'), '-out', file('authority')];
  openssl('req', '-x509', ...NEW_KEY, '-days', '1', ...authority);
  const server = ['-subj', '/CN=localhost', '-addext', NAMES, '-keyout', file('key'), '-out', file('request')];
  openssl('req', ...NEW_KEY, ...server);
  const signer = ['-CA', file('authority'), '-CAkey', file('authority-key'), '-CAcreateserial', '-days', '1'];
  openssl('x509', '-req', '-in', file('request'), '-copy_extensions', 'copy', ...signer, '-out', file('certificate'));
  return {
    authority: file('authority'),
    certificate: file('certificate'),
    key: file('key'),
    pem: readFileSync(file('authority'), 'utf8'),
  };
}
