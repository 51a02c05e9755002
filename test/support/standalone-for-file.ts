/** One standalone for all tests of a file: they make jobs of their own names, and do not mind each other's. */
import { afterAll, beforeAll } from 'vitest';
import { createClient, type Client } from '../../src/client/client.ts';
import { temporaryFolder } from './folder.ts';
import { startStandalone } from './standalone.ts';

export interface StandaloneForFile {
  readonly url: string;
  readonly client: Client;
}

/** Started before the file's first test and stopped after its last: what comes back is filled in by then. */
export function standaloneForFile(): StandaloneForFile {
  const stack = new AsyncDisposableStack();
  let started: StandaloneForFile | null = null;
  beforeAll(async () => {
    const folder = stack.use(await temporaryFolder());
    const { url } = stack.use(await startStandalone({ folder: folder.path }));
    started = { url, client: stack.adopt(createClient({ server: url }), (client) => client.close()) };
  });
  afterAll(() => stack.disposeAsync());
  const running = (): StandaloneForFile => {
    if (started === null) throw new Error('the standalone is there only while tests run');
    return started;
  };
  return {
    get url() {
      return running().url;
    },
    get client() {
      return running().client;
    },
  };
}
