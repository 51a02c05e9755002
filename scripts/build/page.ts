/**
 * static/ → dist/page.json: every file of the page, ready to be sent. The HTTP server imports it, so that the page is
 * inside each bundle and the single binary, and no file is looked up at run time.
 *
 * Scripts and styles get the hash of their contents in their name and may be cached for ever; index.html, which names
 * them, may not.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, extname, join, relative, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

/** One file, as `src/http` serves it. */
interface PageFile {
  /** The Content-Type. */
  readonly type: string;
  /** True when the name changes with the contents. */
  readonly immutable: boolean;
  /** The bytes in base64, plain and compressed; `brotli` is null where compression gains nothing. */
  readonly identity: string;
  readonly brotli: string | null;
}

const OUT = resolve('dist/page');
/** The name in index.html, without its ending → the source. */
const ENTRY_POINTS: Readonly<Record<string, string>> = {
  app: 'static/src/main.tsx',
  live: 'static/src/live/shared-worker.ts',
  style: 'static/style/all.css',
};
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Writes dist/page.json. Without static/src/main.tsx it has no files, so that the program builds without its page. */
export async function buildPage(): Promise<void> {
  const files = existsSync('static/src/main.tsx') ? await pageFiles() : {};
  await writeFile('dist/page.json', JSON.stringify({ files }));
}

async function pageFiles(): Promise<Record<string, PageFile>> {
  const { outputs, names } = await bundle();
  for (const asset of await assets()) {
    const bytes = await readFile(join('static', asset));
    const hashed = withHash(asset, bytes);
    names.set(asset, hashed);
    outputs.set(hashed, bytes);
  }
  const files: Record<string, PageFile> = { '/index.html': pageFile('index.html', await index(names), false) };
  for (const [name, bytes] of outputs) files[`/${name}`] = pageFile(name, bytes, true);
  return files;
}

interface Bundle {
  /** File name → contents. */
  readonly outputs: Map<string, Uint8Array>;
  /** The name in index.html → the name with the hash. */
  readonly names: Map<string, string>;
}

async function bundle(): Promise<Bundle> {
  const result = await build({
    entryPoints: ENTRY_POINTS,
    outdir: OUT,
    entryNames: '[name].[hash]',
    chunkNames: 'part.[hash]',
    assetNames: '[name].[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: ['chrome111', 'firefox115', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const outputs = new Map(result.outputFiles.map((file) => [relative(OUT, file.path), file.contents]));
  const names = new Map<string, string>();
  for (const [path, { entryPoint }] of Object.entries(result.metafile.outputs)) {
    const [name] = Object.entries(ENTRY_POINTS).find(([, source]) => source === entryPoint) ?? [];
    if (name !== undefined) names.set(`${name}${extname(path)}`, basename(path));
  }
  return { outputs, names };
}

/** Files beside index.html that are sent as they are: icons and the like. */
async function assets(): Promise<string[]> {
  const names = await readdir('static');
  return names.filter((name) => ['.svg', '.png', '.ico'].includes(extname(name)));
}

async function index(names: ReadonlyMap<string, string>): Promise<Uint8Array> {
  const html = await readFile('static/index.html', 'utf8');
  const linked = html.replace(/(?<before>(?:href|src)=")(?<name>[\w.-]+)"/g, (all, before: string, name: string) => {
    const hashed = names.get(name);
    return hashed === undefined ? all : `${before}${hashed}"`;
  });
  return new TextEncoder().encode(linked);
}

function pageFile(name: string, contents: Uint8Array, immutable: boolean): PageFile {
  const type = TYPES[extname(name)];
  if (type === undefined) throw new Error(`static/${name}: add the media type of ${extname(name)} to TYPES.`);
  const bytes = Buffer.from(contents);
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const worthIt = brotli.length < bytes.length * 0.9;
  return {
    type,
    immutable,
    identity: bytes.toString('base64'),
    brotli: worthIt ? brotli.toString('base64') : null,
  };
}

function withHash(name: string, bytes: Uint8Array): string {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase();
  return `${basename(name, extname(name))}.${hash}${extname(name)}`;
}
