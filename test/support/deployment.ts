/** jobsched as people run it, on either engine, as real processes: for what has to be true of both. */
import { createClient, type Client } from '../../src/client/client.ts';
import type { DaemonProcess } from './daemon-process.ts';
import { temporaryFolder } from './folder.ts';
import { openSite } from './site.ts';
import { startStandalone } from './standalone.ts';

export interface Deployment extends AsyncDisposable {
  /** Where commands may leave what the test reads. */
  readonly folder: string;
  /** What serves the API. */
  readonly server: DaemonProcess;
  /** What runs commands: the same process in a standalone. */
  readonly worker: DaemonProcess;
  /** Of the server that there is now. */
  readonly client: Client;
  /** Kills what runs commands with -9, and starts another in its place. */
  replaceWorker(): Promise<void>;
}

export interface DeploymentKind {
  readonly name: string;
  /** @param flags of whatever runs commands. */
  readonly open: (...flags: string[]) => Promise<Deployment>;
}

export const DEPLOYMENTS: readonly DeploymentKind[] = [
  { name: 'standalone', open: openStandalone },
  { name: 'serve and worker', open: openServeAndWorker },
];

async function openStandalone(...flags: string[]): Promise<Deployment> {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const start = async (): Promise<DaemonProcess> => stack.use(await startStandalone({ folder: folder.path, flags }));
  const clientOf = (server: DaemonProcess): Client =>
    stack.adopt(createClient({ server: server.url }), (client) => client.close());
  let daemon = await start();
  let client = clientOf(daemon);
  return {
    folder: folder.path,
    get server() {
      return daemon;
    },
    get worker() {
      return daemon;
    },
    get client() {
      return client;
    },
    replaceWorker: async () => {
      await daemon.end('SIGKILL');
      daemon = await start();
      client = clientOf(daemon);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function openServeAndWorker(...flags: string[]): Promise<Deployment> {
  const site = await openSite();
  const start = (): Promise<DaemonProcess> => site.worker('w1', ...flags);
  const [server, first] = await Promise.all([site.serve(), start()]);
  let worker = first;
  return {
    folder: site.folder,
    server,
    client: site.clientOf(server),
    get worker() {
      return worker;
    },
    replaceWorker: async () => {
      await worker.end('SIGKILL');
      worker = await start();
    },
    [Symbol.asyncDispose]: () => site[Symbol.asyncDispose](),
  };
}
