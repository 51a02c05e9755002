/** The HTTP server of a daemon, as its settings want it. */
import type { Registry } from 'prom-client';
import { JobschedError } from '../errors.ts';
import type { ReadyPart } from '../http/app.ts';
import { PAGE_ASSETS } from '../http/page/assets.ts';
import { createHttpServer, type HttpServer } from '../http/server/server.ts';
import { createMetrics } from '../metrics.ts';
import { requestCounter } from '../metrics/requests.ts';
import type { TlsFiles } from '../http/server/certificate.ts';
import type { Settings } from '../config/settings.ts';
import type { Store } from '../store/store.ts';
import type { DaemonOptions } from './daemon.ts';
import { makeRootKey } from './root-key.ts';

interface Served {
  /** Of this process. */
  readonly metrics: Registry;
  /** What `/readyz` asks besides the engine. */
  readonly parts: readonly ReadyPart[];
  readonly takesWork: () => boolean;
  /** Whether connections are to be closed after their next answer. */
  readonly isStopping: () => boolean;
}

export function newServer(
  { settings, ...options }: DaemonOptions<'standalone'> | DaemonOptions<'serve'>,
  store: Store,
  { metrics, parts, takesWork, isStopping }: Served,
): HttpServer {
  const { clock, logger, version, hostname, uid } = options;
  return createHttpServer({
    store,
    clock,
    logger,
    version,
    host: settings.host,
    port: settings.port,
    machineName: hostname,
    allowedHosts: settings.allowedHost,
    publicUrl: settings.publicUrl,
    basePath: basePathOf(settings),
    trustedProxies: settings.trustProxy,
    rateLimit: settings.rateLimit,
    tls: tlsFilesOf(settings),
    timezone: settings.timezone,
    auth: settings.auth,
    readOnly: settings.readOnly,
    localUser: uid,
    takesWork,
    isStopping,
    parts,
    metrics: { ...createMetrics(store, version, metrics), isOpen: settings.metricsOpen },
    countRequest: requestCounter(metrics),
    page: PAGE_ASSETS,
  });
}

/** @throws JobschedError `invalid_config` for two that differ. */
function basePathOf({ publicUrl, basePath }: Pick<Settings, 'publicUrl' | 'basePath'>): string {
  const inUrl = publicUrl === null ? null : new URL(publicUrl).pathname.replace(/\/$/, '');
  if (basePath !== null && inUrl !== null && basePath !== inUrl) {
    throw invalid(
      '--base-path',
      `--base-path ${basePath || '/'} is not the path of --public-url ${publicUrl}`,
      'leave --base-path out',
    );
  }
  return basePath ?? inUrl ?? '';
}

/** @throws JobschedError `invalid_config` for one without the other. */
function tlsFilesOf({ tlsCert, tlsKey }: Pick<Settings, 'tlsCert' | 'tlsKey'>): TlsFiles | null {
  if (tlsCert === null && tlsKey === null) return null;
  if (tlsCert !== null && tlsKey !== null) return { certificate: tlsCert, key: tlsKey };
  const [given, missing] = tlsKey === null ? ['--tls-cert', '--tls-key'] : ['--tls-key', '--tls-cert'];
  throw invalid(
    missing,
    `${given} needs ${missing}`,
    'name both files: --tls-cert fullchain.pem --tls-key privkey.pem',
  );
}

function invalid(field: string, message: string, hint: string): JobschedError {
  return new JobschedError('invalid_config', message, { field, hint });
}

/**
 * Whoever may ask owns the machine that runs the commands, so an open door has to be asked for by name; and root needs a
 * key where nobody could be told from root.
 *
 * @param folder of the data, where there is one.
 * @throws JobschedError `invalid_config`.
 */
export async function secureDoor(
  { settings, uid, logger }: DaemonOptions<'standalone'> | DaemonOptions<'serve'>,
  store: Store,
  folder: string | null,
): Promise<void> {
  const { host, auth } = settings;
  const isOpen = host !== null && !isLoopback(host);
  if (isOpen && auth !== 'none' && (await store.keys()).length === 0) throw openDoor(host);
  if (isOpen && auth === 'none') logger.warn({ host }, 'whoever reaches this address runs commands as this user');
  await makeRootKey({ auth, uid, folder, store, logger });
}

function openDoor(host: string): JobschedError {
  return new JobschedError(
    'invalid_config',
    `--host ${host} would let others than this machine's user ask, and there is no key to know them by`,
    {
      field: '--host',
      hint: 'start without --host, make one with `jobsched key create me --role admin`, and start again; or add --auth none to let whoever reaches the port run commands here',
    },
  );
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
