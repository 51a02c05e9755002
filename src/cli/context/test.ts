/** `jobsched context test`: whether a server answers, and whom it takes us for. */
import type { Command } from 'commander';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { formatData, isData } from '../print/data.ts';
import { EXIT } from '../exit-code.ts';
import { escapeLine } from '../format/escape.ts';
import { withExamples } from '../help/help.ts';
import { withSession, type Session } from '../session.ts';
import { write } from '../print/terminal.ts';

export function testCommand(): Command {
  const command = clientCommand('test')
    .description('Ask the server of a context which version it is, and whom it takes you for.')
    .argument('[context]', 'its name (default: the one that any other command would ask)');
  withExamples(command, ['jobsched context test prod', 'jobsched context test']);
  return addFormatOptions(command).action((name: string | undefined, flags: ClientFlags) =>
    withSession(name === undefined ? flags : { ...flags, context: name }, test),
  );
}

/** The numbers need a key where anything does, so that a wrong one is found. */
async function test(session: Session): Promise<number> {
  const { client, server, context, serverFrom, format, fields, out } = session;
  const [{ version, engine }, { name, role }] = await Promise.all([client.stats(), client.whoami()]);
  const found = { context, server, version, engine, name, role };
  const sentence = `${context ?? serverFrom ?? 'the default'} · ${server} · jobsched ${version} · as ${name}, ${role}`;
  await write(out, isData(format) ? await formatData(found, format, fields) : `${escapeLine(sentence)}\n`);
  return EXIT.ok;
}
