/** `jobsched doctor`: what is wrong, as far as it can be seen from here, and what to do about each thing. */
import type { Command } from 'commander';
import { addFormatOptions, clientCommand, type ClientFlags } from '../options/client-options.ts';
import { formatData, isData } from '../print/data.ts';
import { checkHere } from '../doctor/here.ts';
import { checkServer } from '../doctor/server.ts';
import { EXIT } from '../exit-code.ts';
import { escapeLine } from '../format/escape.ts';
import { thisProgram } from '../help/called-as.ts';
import { inCommands, inDaemons } from '../help/in-commands.ts';
import { withExamples } from '../help/help.ts';
import type { Paint } from '../print/paint.ts';
import { withSession, type Session } from '../session.ts';
import { thisMachine } from '../../config/machine.ts';
import type { Finding } from '../../domain/finding.ts';

export function doctorCommand(): Command {
  const command = clientCommand('doctor').description(
    'Looks at the configuration here, the way to the server, its engine, clocks, workers and queues, and says what to ' +
      'do about what is wrong. Works without a server, too. Exits with 1 when there is a problem.',
  );
  withExamples(command, ['jobsched doctor', 'jobsched doctor -o json']);
  return addFormatOptions(command).action((flags: ClientFlags) =>
    withSession(flags, async (session) => {
      const findings = [...(await checkHere(thisMachine())), ...(await checkServer(session))];
      const hasProblem = findings.some(({ level }) => level === 'problem');
      const { format, fields } = session;
      session.out.write(
        isData(format)
          ? await formatData({ findings }, format, fields)
          : await findingsText(
              session,
              findings.map((each) => asTyped(session, each)),
            ),
      );
      return hasProblem ? EXIT.failure : EXIT.ok;
    }),
  );
}

function asTyped({ program }: Session, finding: Finding): Finding {
  const { remedy } = finding;
  if (remedy === null) return finding;
  return { ...finding, remedy: inDaemons(inCommands(remedy, program()), thisProgram(thisMachine())) };
}

async function findingsText(session: Session, findings: readonly Finding[]): Promise<string> {
  const paint = await session.paintFor(session.out);
  const width = Math.max(...findings.map(({ check }) => escapeLine(check).length));
  const lines = findings.flatMap((finding) => findingLines(finding, width, paint));
  const count = (level: 'problem' | 'warning'): string => {
    const { length } = findings.filter((finding) => finding.level === level);
    return length === 1 ? `1 ${level}` : `${length} ${level}s`;
  };
  const told = `${findings.length} checks: ${count('problem')}, ${count('warning')}`;
  return [...lines, told, ''].join('\n');
}

const SIGNS = { ok: '✓', warning: '!', problem: '✗' } as const;

function findingLines({ check, level, message, remedy }: Finding, width: number, paint: Paint): readonly string[] {
  const brushes = { ok: paint.good, warning: paint.waiting, problem: paint.bad };
  // Whoever answers at a server's address may say anything, and this is the command that finds out who it is.
  const known = Object.hasOwn(SIGNS, level) ? level : 'warning';
  const head = `${brushes[known](SIGNS[known])} ${escapeLine(check).padEnd(width)}  ${escapeLine(message)}`;
  return remedy === null ? [head] : [head, `  ${' '.repeat(width)}  → ${escapeLine(remedy)}`];
}
