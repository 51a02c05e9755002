/**
 * The page: files that were built into one module, found by their exact path. No file system is asked, so no path can
 * lead out of it.
 */
import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import type { Reply } from '../reply/reply.ts';

export interface PageFile {
  /** The media type. */
  readonly type: string;
  /** Its name changes with its content, so it may be kept for ever. */
  readonly immutable: boolean;
  /** The content in base64, as it is, and compressed with brotli where that is shorter. */
  readonly identity: string;
  readonly brotli: string | null;
}

/** What `scripts/build.ts` makes: path → file. `/index.html` is the page itself. */
export interface PageAssets {
  readonly files: Readonly<Record<string, PageFile>>;
}

export interface Page {
  /** @returns null for a path that is not the page's. */
  find(path: string, headers: { readonly acceptEncoding: string; readonly ifNoneMatch: string | null }): Reply | null;
}

/** Nothing but our own files, no inline script or style, in nobody's frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** The page finds out by itself what these show, in `static/src/route.ts`. */
const VIEWS =
  /^\/(?:submit|schedules|login|jobs(?:\/[^/]+(?:\/(?:runs|definition|versions))?)?|(?:runs|workers)(?:\/[^/]+)?|settings(?:\/(?:about|keys|audit))?)?$/;

const YEAR_SECONDS = 31_536_000;

interface Content {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** @param base what the page's own paths begin with; see `server/base-path.ts`. */
export function createPage(assets: PageAssets, base: string): Page {
  const files = new Map(Object.entries(assets.files).map(([path, file]) => [path, prepare(below(base, path, file))]));
  return {
    find: (path, { acceptEncoding, ifNoneMatch }) => {
      const file = files.get(VIEWS.test(path) ? '/index.html' : path);
      if (file === undefined) return null;
      const content = (acceptsBrotli(acceptEncoding) ? file.brotli : null) ?? file.identity;
      const known = ifNoneMatch?.split(',').some((tag) => tag.trim() === content.headers['ETag']) ?? false;
      if (!known) return { kind: 'bytes', status: 200, body: content.bytes, headers: content.headers };
      return { kind: 'bytes', status: 304, body: null, headers: content.headers };
    },
  };
}

/** Whatever the page asks for is relative to its `<base>`. */
function below(base: string, path: string, file: PageFile): PageFile {
  if (base === '' || path !== '/index.html') return file;
  const html = Buffer.from(file.identity, 'base64').toString();
  const moved = Buffer.from(html.replace('<base href="/"', `<base href="${base}/"`));
  return { ...file, identity: moved.toString('base64'), brotli: brotliCompressSync(moved).toString('base64') };
}

function prepare(file: PageFile): { readonly identity: Content; readonly brotli: Content | null } {
  const contentOf = (base64: string, encoding: Readonly<Record<string, string>>): Content => {
    const bytes = Buffer.from(base64, 'base64');
    const tag = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
    return { bytes, headers: { ...headersOf(file), ...encoding, ETag: `"${tag}"` } };
  };
  return {
    identity: contentOf(file.identity, {}),
    brotli: file.brotli === null ? null : contentOf(file.brotli, { 'Content-Encoding': 'br' }),
  };
}

function headersOf(file: PageFile): Readonly<Record<string, string>> {
  return {
    'Content-Type': file.type,
    'Cache-Control': file.immutable ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    Vary: 'Accept-Encoding',
  };
}

function acceptsBrotli(header: string): boolean {
  return header.split(',').some((part) => {
    const [coding = '', weight = ''] = part.trim().toLowerCase().split(';');
    return coding.trim() === 'br' && !/^\s*q=0(?:\.0*)?$/.test(weight);
  });
}
