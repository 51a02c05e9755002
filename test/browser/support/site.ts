/** The real program with an empty store, on either engine, and Chromium to look at it: for one test file, or part of one. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { NewJobBody } from '../../../src/http/schema/job-body.ts';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import type { RunDetail } from '../../../src/http/schema/run-view.ts';
import { startDaemonProcess, type DaemonProcess } from '../../support/daemon-process.ts';
import { temporaryFolder, type TemporaryFolder } from '../../support/folder.ts';
import { startRedis } from '../../support/redis.ts';
import { startStandalone, type Standalone } from '../../support/standalone.ts';
import { launchBrowser, openPage, type WatchedPage } from './browser.ts';

export interface Site {
  readonly url: string;
  readonly folder: string;
  readonly server: Standalone;
  open(path: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  /** Submits by the API. */
  submit(body: NewJobBody): Promise<JobView>;
  /** Asks the API for a path until the answer is as wanted. */
  until<Answer>(path: string, wanted: (answer: Answer) => boolean): Promise<Answer>;
  finished(run: string): Promise<RunDetail>;
  /** Starts the server again, at the same port and on the same data. */
  restart(): Promise<void>;
}

export const ENGINES = ['sqlite', 'redis'] as const;
type Engine = (typeof ENGINES)[number];

/** A site for the tests of the calling file or `describe`, gone after them. */
export function useSite(engine: Engine = 'sqlite'): Site {
  const site = new RealSite(engine);
  beforeAll(() => site.start());
  afterAll(() => site.stop());
  return site;
}

const FLAGS = ['--timezone', 'UTC', '--name', 'web-1'];

class RealSite implements Site {
  readonly #engine: Engine;
  /** Besides the server. */
  readonly #more = new AsyncDisposableStack();
  #folder: TemporaryFolder | null = null;
  #server: Standalone | null = null;
  #browser: Browser | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async start(): Promise<void> {
    this.#folder = await temporaryFolder();
    [this.#server, this.#browser] = await Promise.all([
      this.#engine === 'sqlite' ? startStandalone({ folder: this.folder, flags: FLAGS }) : this.#startOnRedis(),
      launchBrowser(),
    ]);
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.[Symbol.asyncDispose]();
    await this.#more.disposeAsync();
    await this.#folder?.remove();
  }

  /** A server, and a worker beside it. */
  async #startOnRedis(): Promise<DaemonProcess> {
    const { port } = this.#more.use(await startRedis());
    const redis = ['--redis-addr', `127.0.0.1:${port}`];
    const { folder } = this;
    const server = startDaemonProcess({ folder, args: ['serve', '--port', '0', '--timezone', 'UTC', ...redis] });
    const worker = startDaemonProcess({ folder, args: ['worker', '--name', 'web-1', ...redis] });
    this.#more.use(await worker);
    return server;
  }

  async restart(): Promise<void> {
    const flags = [...FLAGS, '--port', new URL(this.url).port];
    this.#server = await startStandalone({ folder: this.folder, flags });
  }

  get folder(): string {
    return there(this.#folder).path;
  }

  get server(): Standalone {
    return there(this.#server);
  }

  get url(): string {
    return this.server.url;
  }

  async open(path: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
    const watched = await openPage(there(this.#browser), options);
    await watched.page.goto(new URL(path, this.url).href);
    return watched;
  }

  async submit(body: NewJobBody): Promise<JobView> {
    const answer = await fetch(`${this.url}/api/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as JobView;
  }

  async until<Answer>(path: string, wanted: (answer: Answer) => boolean): Promise<Answer> {
    for (;;) {
      const answer = (await (await fetch(`${this.url}/${path}`)).json()) as Answer;
      if (wanted(answer)) return answer;
    }
  }

  finished(run: string): Promise<RunDetail> {
    return this.until<RunDetail>(`api/runs/${run}`, ({ finished_at: at }) => at !== null);
  }
}

/** @throws Error when it is not there. */
export function there<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('It is not there yet.');
  return value;
}

/** A command's part that waits until the gate is opened, so that a test decides when it goes on. */
export function gate(
  site: Site,
  name: string,
): { readonly wait: string; open(): Promise<void>; remove(): Promise<void> } {
  const file = join(site.folder, name);
  return {
    wait: `while [ ! -e ${file} ]; do sleep 0.02; done`,
    open: () => writeFile(file, ''),
    remove: () => rm(file, { force: true }),
  };
}
