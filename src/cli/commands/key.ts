/** `jobsched key`: makes, lists and revokes the keys that others ask with. */
import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { formatData, isData } from '../print/data.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../help/failure.ts';
import { parseSeconds } from '../format/parse-duration.ts';
import { escapeLine } from '../format/escape.ts';
import { relative } from '../format/time.ts';
import { withExamples } from '../help/help.ts';
import { showRows, type RowsContext } from '../print/rows.ts';
import { withSession, type Session } from '../session.ts';
import type { TableColumn } from '../print/table.ts';
import type { KeyView } from '../../client/client.ts';
import { SECOND, type Instant } from '../../domain/instant.ts';
import { ROLES, type Role } from '../../domain/role.ts';

const ACTIONS = ['create', 'list', 'revoke'] as const;
type Action = (typeof ACTIONS)[number];

interface KeyFlags extends ClientFlags {
  readonly name?: string;
  readonly role?: Role;
  /** In seconds. */
  readonly expires?: number;
}

export function keyCommand(): Command {
  const command = clientCommand('key')
    .description(
      'Make a key for somebody who asks from elsewhere, list the keys, or revoke one. The secret of a new one is printed this once. The first is one of role admin, and is needed to make the others.',
    )
    .addArgument(new Argument('<action>', 'what to do').choices(ACTIONS))
    .argument('[name]', 'of the new key, as --name; or the name or the id of the one to revoke')
    .option('--name <name>', 'who gets the new one, or what for: the audit log names it')
    .addOption(new Option('--role <role>', 'what it may do (default: operator)').choices(ROLES))
    .option('--expires <time>', 'for how long it is valid, such as 90d (default: until it is revoked)', lifeArgument);
  withExamples(command, [
    'jobsched key create me --role admin > me.key',
    'jobsched key create ci --expires 90d --key-file me.key',
    'jobsched key create wall --role viewer --key-file me.key',
    'jobsched key list --key-file me.key',
    'jobsched key revoke ci --key-file me.key',
  ]);
  return addFormatOptions(command).action((action: Action, ref: string | undefined, flags: KeyFlags) => {
    checkUse(action, ref, flags);
    return withSession(flags, (session) => act(session, action, ref ?? flags.name ?? '', flags));
  });
}

function act(session: Session, action: Action, name: string, flags: KeyFlags): Promise<number> {
  switch (action) {
    case 'create':
      return create(session, name, flags);
    case 'list':
      return list(session);
    case 'revoke':
      return revoke(session, name);
  }
}

async function create(session: Session, name: string, { role = 'operator', expires }: KeyFlags): Promise<number> {
  const { client, format, fields, out, moment } = session;
  const end = expires === undefined ? null : new Date(moment().now + expires * SECOND).toISOString();
  const made = await client.keys.create({ name, role, expires_at: end });
  out.write(isData(format) ? await formatData(made, format, fields) : `${escapeLine(made.key)}\n`);
  const until = end === null ? 'until it is revoked' : `until ${end}`;
  session.hint(
    `the key of ${name}, ${made.role}, valid ${until} · it is shown this once · use it with --key-file or JOBSCHED_KEY`,
  );
  return EXIT.ok;
}

function list(session: Session): Promise<number> {
  return showRows(session, {
    name: 'keys',
    async *ask() {
      yield* await session.client.keys.list();
    },
    columns,
    id: ({ id }) => id,
    empty: `no keys · ${session.program()} key create NAME --role admin makes one`,
    limit: Number.POSITIVE_INFINITY,
  });
}

function columns({ now }: RowsContext): readonly TableColumn<KeyView>[] {
  const when = (time: string | null, never: string): string =>
    time === null ? never : relative(Date.parse(time), now);
  return [
    { title: 'NAME', cell: ({ name }) => name, least: 8 },
    { title: 'ROLE', cell: ({ role }) => role },
    { title: 'CREATED', cell: ({ created_at }) => when(created_at, '–'), dispensable: 2 },
    { title: 'LAST USED', cell: ({ last_used_at }) => when(last_used_at, 'never'), dispensable: 1 },
    { title: 'EXPIRES', cell: ({ expires_at }) => endWords(expires_at, now) },
    { title: 'ID', cell: ({ id }) => id, dispensable: 3 },
  ];
}

/** `in 89d`, `expired`. */
export function endWords(expires: string | null, now: Instant): string {
  if (expires === null) return 'never';
  const end = Date.parse(expires);
  return end <= now ? 'expired' : relative(end, now);
}

async function revoke({ client, format, out }: Session, ref: string): Promise<number> {
  await client.keys.revoke(ref);
  if (!isData(format)) out.write(`revoked ${escapeLine(ref)}\n`);
  return EXIT.ok;
}

function lifeArgument(text: string): number {
  const seconds = parseSeconds(text);
  if (seconds === null || seconds < 1) throw new InvalidArgumentError('Write it like 90d or 12h.');
  return seconds;
}

/** @throws UsageError */
function checkUse(action: Action, given: string | undefined, { name: flag, role, expires }: KeyFlags): void {
  const ofNew = Object.entries({ '--role': role, '--expires': expires, '--name': flag });
  const [unused] = ofNew.filter(([, value]) => value !== undefined).map(([name]) => name);
  if (action !== 'create' && unused !== undefined) throw new UsageError(`${unused} is for key create`);
  switch (action) {
    case 'create':
      if (given === undefined && flag === undefined) throw new UsageError('a key needs a name');
      if (given !== undefined && flag !== undefined) throw new UsageError('the name of the key is given twice');
      return;
    case 'list':
      if (given !== undefined) throw new UsageError('key list takes no further argument');
      return;
    case 'revoke':
      if (given !== undefined) return;
      throw new UsageError('which key is to be revoked is missing', '`jobsched key list` shows their names.');
  }
}
