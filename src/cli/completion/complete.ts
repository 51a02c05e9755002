/**
 * `jobsched __complete -- WORDS…`, which shells ask while somebody types: what the last word may become. Says nothing
 * about errors, and gives up on a server that does not answer at once: nobody waits for a completion.
 */
import { setTimeout } from 'node:timers/promises';
import type { Command, Option } from 'commander';
import { COMMANDS } from '../commands.ts';
import { withSession, type Session } from '../session.ts';
import { readContexts } from '../../config/contexts.ts';
import { thisMachine } from '../../config/machine.ts';
import { SECOND } from '../../domain/instant.ts';

/** How many names are asked for: the most that the server gives at once. */
const MOST = 200;
const PATIENCE = SECOND;

/** @param build gives the program with the named command in full. */
export async function complete(
  typed: readonly string[],
  build: (name: string) => Promise<Command>,
): Promise<readonly string[]> {
  const words = typed[0] === '--' ? typed.slice(1) : typed;
  const before = words.slice(0, -1);
  const word = words.at(-1) ?? '';
  const found = await candidates(before, word, build);
  return [...new Set(found)].filter((each) => each.startsWith(word));
}

async function candidates(
  before: readonly string[],
  word: string,
  build: (name: string) => Promise<Command>,
): Promise<readonly string[]> {
  const names = COMMANDS.map(({ name }) => name);
  const called = before.find((each) => names.includes(each));
  if (called === undefined) return [...names, 'help'];
  const program = await build(called);
  const outer = program.commands.find((each) => each.name() === called);
  if (outer === undefined || before.includes('--')) return [];
  const command = outer.commands.find((each) => before.includes(each.name())) ?? outer;
  const awaited = optionAwaiting(command, before.at(-1));
  if (awaited !== null) return awaited.argChoices ?? (await namesFor(awaited.name(), before, word));
  if (word.startsWith('-')) return flagsOf(command);
  if (command.commands.length > 0) return command.commands.map((each) => each.name());
  const [argument] = command.registeredArguments;
  return argument?.argChoices ?? (argument === undefined ? [] : namesFor(argument.name(), before, word));
}

function flagsOf(command: Command): readonly string[] {
  const options = command.createHelp().visibleOptions(command);
  return options.flatMap(({ long }) => long ?? []);
}

/** A flag right before, whose value is the word. */
function optionAwaiting(command: Command, last = ''): Option | null {
  const option = command.options.find(({ long, short }) => last === long || last === short);
  return option?.required ? option : null;
}

/** What the server knows by that kind of name. */
async function namesFor(kind: string, before: readonly string[], word: string): Promise<readonly string[]> {
  if (kind.replace(/s$/, '') === 'context') return readContexts(thisMachine()).all.map(({ name }) => name);
  const ask = ASKED[kind.replace(/s$/, '')];
  if (ask === undefined) return [];
  let found: readonly string[] = [];
  try {
    await withSession({ ...flag('server', before), ...flag('context', before) }, async (session) => {
      const giveUp = new AbortController();
      const late = setTimeout(PATIENCE, [], { signal: giveUp.signal });
      found = await Promise.race([ask(session, word), late.catch(() => [])]);
      giveUp.abort();
      return 0;
    });
  } catch {
    // No server, no names.
  }
  return found;
}

function flag(name: 'server' | 'context', before: readonly string[]): { readonly [Name in typeof name]?: string } {
  const at = before.indexOf(`--${name}`);
  const value = at < 0 ? undefined : before[at + 1];
  return value === undefined ? {} : { [name]: value };
}

type Ask = (session: Session, word: string) => Promise<readonly string[]>;

const jobs: Ask = async ({ client }, word) => {
  if (word.includes('#')) return runs(client, word);
  const { rows } = await client.jobs.list({ limit: MOST, ...(word !== '' && { q: word }) });
  return rows.flatMap(({ id, name }) => name ?? (word === '' ? [] : id));
};

async function runs(client: Session['client'], word: string): Promise<readonly string[]> {
  const job = word.slice(0, word.indexOf('#'));
  const { rows } = await client.runs.list({ job, limit: MOST });
  return rows.map(({ number }) => `${job}#${number}`);
}

const ASKED: Readonly<Record<string, Ask>> = {
  ref: jobs,
  job: jobs,
  queue: async ({ client }) => (await client.queues()).map(({ name }) => name),
  worker: async ({ client }) => (await client.workers()).map(({ name }) => name),
};
