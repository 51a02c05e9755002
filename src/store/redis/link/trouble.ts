/** What went wrong between us and Redis, in the words of the catalogue, and whether it may pass by itself. */
import { GOES_ON, JobschedError, messageOf, type ErrorCode } from '../../../errors.ts';

export interface Trouble {
  readonly error: JobschedError;
  /** Whether the same call may succeed a moment later: a link is made anew, a replica is promoted. */
  readonly passes: boolean;
  /** Whether another server may be the one to ask, so that the link is to be made anew. */
  readonly moved: boolean;
}

interface Kind {
  readonly code: ErrorCode;
  /** What follows `Redis at <address> `. */
  readonly says: string;
  readonly hint: string;
  readonly passes?: true;
  readonly moved?: true;
}

const GRANT = 'It needs, on the keys and channels of its prefix: `~{js}:* &{js}:* +@all -@dangerous +info`.';

/** By the word that an error of Redis begins with. */
const KINDS: Readonly<Record<string, Kind>> = {
  WRONGPASS: {
    code: 'engine_unavailable',
    says: 'refuses the user or password that it was given',
    hint: 'Correct them: --redis-url redis://user:password@host:6379, or --redis-pass.',
  },
  NOAUTH: {
    code: 'engine_unavailable',
    says: 'wants a password, and was given none',
    hint: 'Name it: --redis-url redis://user:password@host:6379, or --redis-pass.',
  },
  NOPERM: {
    code: 'engine_unavailable',
    says: 'does not permit this user what jobsched does there',
    hint: GRANT,
  },
  DENIED: {
    code: 'engine_unavailable',
    says: 'runs in protected mode and takes connections from its own machine only',
    hint: 'Give it a password (requirepass), or an address to listen on (bind).',
  },
  LOADING: { code: 'engine_unavailable', says: 'is still loading its data', hint: GOES_ON, passes: true },
  BUSY: { code: 'engine_unavailable', says: 'is busy with a script of somebody', hint: GOES_ON, passes: true },
  MASTERDOWN: {
    code: 'engine_unavailable',
    says: 'is a replica that has lost its master',
    hint: GOES_ON,
    passes: true,
    moved: true,
  },
  READONLY: {
    code: 'engine_read_only',
    says: 'is a replica, which takes no writes',
    hint: `Name the master, or the Sentinels that know it. ${GOES_ON}`,
    passes: true,
    moved: true,
  },
  NOREPLICAS: {
    code: 'engine_read_only',
    says: 'takes no writes, since too few replicas follow it (min-replicas-to-write)',
    hint: `Start replicas. ${GOES_ON}`,
    passes: true,
  },
  MISCONF: {
    code: 'engine_read_only',
    says: 'takes no writes, since it could not save to its disk (MISCONF)',
    hint: `Make room on its disk, or see its log. ${GOES_ON}`,
  },
  OOM: {
    code: 'engine_full',
    says: 'has reached its maxmemory; nothing new was stored',
    hint: 'Raise maxmemory, or delete jobs. Running commands go on, new jobs are refused until then.',
  },
  // Our data was gone, or too new, when a script looked, and is not any more: else `installation.ts` has the words.
  GONE: { code: 'engine_unavailable', says: 'had other jobs for a moment', hint: GOES_ON, passes: true },
  NEWER: { code: 'data_newer', says: 'had data of a newer version for a moment', hint: GOES_ON, passes: true },
  MOVED: { code: 'engine_unavailable', says: 'is moving our slot', hint: GOES_ON, passes: true, moved: true },
  // Not to be followed: half of our keys may be there, half here. What is asked waits until all have moved.
  ASK: { code: 'engine_unavailable', says: 'is moving our slot', hint: GOES_ON, passes: true },
  TRYAGAIN: { code: 'engine_unavailable', says: 'is moving our slot', hint: GOES_ON, passes: true },
  CLUSTERDOWN: {
    code: 'engine_unavailable',
    says: 'is a cluster that is down',
    hint: `See \`redis-cli cluster info\`. ${GOES_ON}`,
    passes: true,
    moved: true,
  },
};

/** Errors without a word of their own, by what they contain. */
const PHRASES: readonly (readonly [phrase: string, kind: Kind])[] = [
  [
    'max number of clients reached',
    {
      code: 'engine_unavailable',
      says: 'has as many clients as it takes',
      hint: 'Raise its maxclients.',
      passes: true,
    },
  ],
  [
    'DB index is out of range',
    { code: 'engine_unavailable', says: 'has no database of that number', hint: 'Name another one: --redis-db.' },
  ],
  [
    'SELECT is not allowed in cluster mode',
    { code: 'engine_unavailable', says: 'is a cluster, which has only database 0', hint: 'Leave --redis-db away.' },
  ],
];

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no network to it',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
};

/** Codes of certificates that nobody known has signed. */
const UNTRUSTED = /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF))/;

/**
 * @param address as `describe` in address.ts says it.
 * @returns null for what is no trouble of the engine's: that is a bug.
 */
export function troubleOf(error: unknown, address: string): Trouble | null {
  if (error instanceof JobschedError) return { error, passes: false, moved: false };
  if (!(error instanceof Error)) return null;
  if (error.name !== 'ReplyError') return unreachable(error, address);
  const kind = kindOf(error.message);
  if (kind === null) return null;
  const { code, says, hint, passes = false, moved = false } = kind;
  const told = new JobschedError(code, `Redis at ${address} ${says}.`, { hint, cause: error });
  return { error: told, passes, moved };
}

/** Whether Redis keeps a command from this user, or from all: some operators do so with INFO. */
export function isForbidden(error: unknown): boolean {
  const said = error instanceof JobschedError ? error.cause : error;
  return said instanceof Error && /^(NOPERM|ERR unknown command)/.test(said.message);
}

/** A link that could not be made, or was lost. */
export function unreachable(error: Error, address: string): Trouble {
  const hint = UNTRUSTED.test(codeOf(error))
    ? 'Name the certificate of the authority that signed its: --redis-ca.'
    : `Start it (\`redis-server\`). ${GOES_ON} Or name another, --redis-url, or do without: \`jobsched standalone\`.`;
  const sentence = `Redis at ${address} cannot be reached: ${causeOf(error)}.`;
  const told = new JobschedError('engine_unavailable', sentence, { hint, cause: error });
  return { error: told, passes: true, moved: false };
}

function kindOf(message: string): Kind | null {
  const word = /^[A-Z]+/.exec(message)?.[0] ?? '';
  const kind = KINDS[word] ?? PHRASES.find(([phrase]) => message.includes(phrase))?.[1];
  if (kind !== undefined) return kind;
  // What a script may not do is an error of the script.
  return /ACL failure in script|can't run this command or subcommand/.test(message) ? (KINDS['NOPERM'] ?? null) : null;
}

function causeOf(error: Error): string {
  const code = codeOf(error);
  if (code !== '') return `${CAUSES[code] ?? messageOf(error)} (${code})`;
  return /Stream isn't writeable|Connection is closed|max retries/i.test(error.message)
    ? 'the connection was lost'
    : messageOf(error).replace(/\.$/, '');
}

/** As Node names what went wrong; empty for what has no such name. */
function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
