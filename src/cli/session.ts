/** What a client command works with: a client of the server that was asked for, the two streams, and the reader's time. */
import { thisProgram } from './help/called-as.ts';
import { formatOf, type ClientFlags, type Format } from './options/client-options.ts';
import { explained } from './help/explain.ts';
import { escapeLine } from './format/escape.ts';
import { shellQuote } from '../shell-quote.ts';
import type { Moment } from './format/time.ts';
import { createPaint, type Paint } from './print/paint.ts';
import { takesColor, type ColorWish, type Screen } from './print/terminal.ts';
import { createClient, type Client } from '../client/client.ts';
import { addressOf } from '../client/connection-problem.ts';
import { systemClock } from '../clock.ts';
import { clientKey, NO_KEY, type ClientKey } from '../config/client-key.ts';
import { findServer, type ServerAddress } from '../config/client.ts';
import { thisMachine, type Machine } from '../config/machine.ts';

export interface Session {
  readonly client: Client;
  /** The server's address as it may be shown, without a slash at its end. */
  readonly server: string;
  /** Who says that it is that one: a flag, a variable, a file; null for the default. */
  readonly serverFrom: string | null;
  /** The context that is worked in. */
  readonly context: string | null;
  /** Who gave the key, and why it is not sent when it is not. */
  readonly key: Omit<ClientKey, 'key'>;
  readonly format: Format;
  /** `--fields`: null for all of them. */
  readonly fields: readonly string[] | null;
  /** `--watch`. */
  readonly watches: boolean;
  /** Whether a person may be asked: not with `--no-input`. */
  readonly mayAsk: boolean;
  /** The flags that were typed, by the names that commander gives their values. */
  readonly given: ReadonlySet<string>;
  /** For data. */
  readonly out: Screen;
  /** For messages. */
  readonly err: Screen;
  /** Where the user is. */
  readonly cwd: string;
  /** Now, and the zone that times are shown in. */
  readonly moment: () => Moment;
  /** The colours that a stream takes. */
  readonly paintFor: (screen: Screen) => Promise<Paint>;
  /** A line that only a person wants: to stderr, and only on a terminal, with control characters made visible. */
  readonly hint: (text: string) => void;
  /** What to type to call this program again, on the same server: for hints that can be pasted. */
  readonly program: () => string;
}

/** Opens a session, does the work, and closes it again. The number that comes back is the exit code. */
export async function withSession(flags: ClientFlags, work: (session: Session) => Promise<number>): Promise<void> {
  const machine = thisMachine();
  const address = await findServer(flags, machine);
  await inSession(openSession(flags, machine, address, await clientKey(flags.keyFile, address, machine)), work);
}

/** The same for what asks no server, and so reads no key: it also works where a file of one is gone. */
export async function withoutServer(flags: ClientFlags, work: (session: Session) => Promise<number>): Promise<void> {
  const machine = thisMachine();
  await inSession(openSession(flags, machine, await findServer(flags, machine), NO_KEY), work);
}

async function inSession(session: Session, work: (session: Session) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work(session);
  } catch (error) {
    throw await explained(error, session);
  } finally {
    await session.client.close();
  }
}

function openSession(
  flags: ClientFlags,
  machine: Machine,
  { url: server, from, context }: ServerAddress,
  { key, ...keyOrigin }: ClientKey,
): Session {
  const zone = flags.utc ? 'UTC' : machine.timezone;
  const { stdout: out, stderr: err } = process;
  const wish: ColorWish = { flag: flags.color === false ? 'never' : flags.color, env: machine.env };
  if (keyOrigin.exposed !== null) err.write(exposedWarning(keyOrigin.exposed));
  return {
    // Whoever types a command is told at once what is wrong.
    client: createClient({ server, waitMs: 0, ...(key !== null && { key }) }),
    server: addressOf(server),
    serverFrom: from,
    context: context?.name ?? null,
    key: keyOrigin,
    format: formatOf(flags),
    fields: flags.fields ?? null,
    watches: flags.watch === true,
    mayAsk: flags.input !== false,
    given: new Set(Object.keys(flags)),
    out,
    err,
    cwd: machine.cwd,
    moment: () => ({ now: systemClock.now(), zone, isAsked: flags.utc === true }),
    paintFor: (screen) => createPaint(takesColor(screen, wish)),
    hint: (text) => {
      if (err.isTTY) err.write(`${escapeLine(text)}\n`);
    },
    program: () => thisProgram(machine) + asked(flags),
  };
}

/** Of a file with a key that is not its owner's alone. */
export function exposedWarning(file: string): string {
  return `${escapeLine(`warning: others on this machine can read the key in ${file}`)}\n  chmod ${shellQuote(['600', file])}\n`;
}

/** The flags that say whom to ask, and as whom. */
function asked({ server, context, keyFile }: ClientFlags): string {
  const words = [
    ...(server === undefined ? [] : ['--server', server]),
    ...(context === undefined ? [] : ['--context', context]),
    ...(keyFile === undefined ? [] : ['--key-file', keyFile]),
  ];
  return words.length === 0 ? '' : ` ${shellQuote(words)}`;
}
