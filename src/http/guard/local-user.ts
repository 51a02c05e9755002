/**
 * On loopback every user of the machine can connect, but only the daemon's own and root may ask: whoever may submit a
 * job acts as the daemon's user.
 *
 * The kernel knows who owns the other end of a connection. It is asked once for each connection, and the answer is kept
 * with the socket: an end cannot change its owner's uid. The question is put while that end is open; one that its owner
 * has closed meanwhile has no owner any more, and is refused. Whether the other end asks for itself, `forwarded.ts` says.
 */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { JobschedError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { socketOwner, type Endpoint } from './socket-table.ts';

export type Verdict = 'own' | 'other' | 'unknown';

/** Who is not let in without a key. */
export type Stranger = Exclude<Verdict, 'own'> | 'forwarded' | 'elsewhere';

export interface LocalUserGuard {
  /** A promise only the first time for each connection. */
  judge(request: Pick<IncomingMessage, 'socket'>): Promise<Verdict> | Verdict;
}

export interface LocalUserOptions {
  /** The daemon's own uid. */
  readonly uid: number;
  /** The text of the kernel's tables, read anew; null when they cannot be read. */
  readonly readTables: () => Promise<string | null>;
}

/** A table that changes while it is read may miss a line. */
const TRIES = 3;

export function createLocalUserGuard(options: LocalUserOptions): LocalUserGuard {
  const verdicts = new WeakMap<Socket, Verdict>();
  const readShared = sharedReads(options.readTables);

  async function decide(socket: Socket): Promise<Verdict> {
    const verdict = await judgePeer(socket, options.uid, readShared);
    if (verdict !== 'unknown') verdicts.set(socket, verdict);
    return verdict;
  }

  return {
    judge: ({ socket }) => verdicts.get(socket) ?? decide(socket),
  };
}

async function judgePeer(socket: Socket, own: number, readTables: () => Promise<string | null>): Promise<Verdict> {
  const peer = endpoint(socket.remoteAddress, socket.remotePort);
  const here = endpoint(socket.localAddress, socket.localPort);
  if (peer === null || here === null) return 'unknown';
  for (let tries = 0; tries < TRIES; tries += 1) {
    const table = await readTables();
    // It was there at the start: what cannot be read now, for want of file descriptors say, lets nobody in.
    const owner = table === null ? null : socketOwner(table, peer, here);
    if (owner !== null) return owner === own || owner === 0 ? 'own' : 'other';
  }
  return 'unknown';
}

const WHO = {
  other: 'another user of this machine',
  forwarded: 'a proxy, for a user whom nobody can tell',
  elsewhere: 'somebody who calls this machine by another name than localhost, as through a proxy',
  unknown: 'a connection whose user the kernel does not tell',
} as const satisfies Record<Stranger, string>;

/** What those are told who ask without a key, where there is none yet. */
export function notTheUser(stranger: Stranger): JobschedError {
  return new JobschedError(
    'local_user_only',
    `the request came from ${WHO[stranger]}; jobsched runs commands, and only for its own user`,
    {
      hint: 'Ask as the user that runs jobsched, or as root. Either can make a key for others: jobsched key create.',
    },
  );
}

function endpoint(address: string | undefined, port: number | undefined): Endpoint | null {
  return address === undefined || port === undefined ? null : { address, port };
}

/**
 * Connections that come together share a read. Never one that had begun before they came: it may have passed the place
 * where their line is.
 */
function sharedReads(read: () => Promise<string | null>): () => Promise<string | null> {
  let underWay: Promise<unknown> = Promise.resolve();
  let next: Promise<string | null> | null = null;
  return () => {
    next ??= underWay.then(() => {
      next = null;
      const begun = read();
      underWay = begun.catch(() => undefined);
      return begun;
    });
    return next;
  };
}

/** Linux's tables. IPv6 may be switched off. */
export async function readSocketTables(): Promise<string | null> {
  const [four, six] = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readIfThere));
  return four == null && six == null ? null : `${four ?? ''}\n${six ?? ''}`;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    return null;
  }
}

/**
 * The guard for this system.
 *
 * Without the kernel's table (it is Linux's) nobody can tell who asks. An ordinary user is then warned; root's server takes
 * nobody for root, since whoever asks could become root: `daemon/root-key.ts` sees to it that there is a key.
 *
 * @returns null where everybody on this machine is its user.
 */
export async function localUserGuard(
  uid: number,
  logger: Logger,
  readTables: LocalUserOptions['readTables'] = readSocketTables,
): Promise<LocalUserGuard | null> {
  if ((await readTables()) !== null) return createLocalUserGuard({ uid, readTables });
  if (uid === 0) return { judge: () => 'unknown' };
  logger.warn(
    'this system does not tell which user a connection comes from: every user of it can run commands as this one',
  );
  return null;
}
