/** The real program with an empty store, and Chromium to look at it: for one test file. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { NewJobBody } from '../../../src/http/schema/job-body.ts';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import type { RunDetail } from '../../../src/http/schema/run-view.ts';
import { temporaryFolder, type TemporaryFolder } from '../../support/folder.ts';
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

/** A site for the tests of the calling file, gone after them. */
export function useSite(): Site {
  const site = new RealSite();
  beforeAll(() => site.start());
  afterAll(() => site.stop());
  return site;
}

class RealSite implements Site {
  #folder: TemporaryFolder | null = null;
  #server: Standalone | null = null;
  #browser: Browser | null = null;

  async start(): Promise<void> {
    this.#folder = await temporaryFolder();
    const flags = ['--timezone', 'UTC', '--name', 'web-1'];
    [this.#server, this.#browser] = await Promise.all([
      startStandalone({ folder: this.folder, flags }),
      launchBrowser(),
    ]);
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.[Symbol.asyncDispose]();
    await this.#folder?.remove();
  }

  async restart(): Promise<void> {
    const flags = ['--timezone', 'UTC', '--name', 'web-1', '--port', new URL(this.url).port];
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
