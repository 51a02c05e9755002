/** Help, with examples first: most people come for one. */
import type { Command, Help } from 'commander';
import { SHARED } from '../options/client-options.ts';
import { EXIT_MEANINGS } from '../exit-code.ts';
import { TOPICS, type Topic } from './topics.ts';

const EXAMPLES = new WeakMap<Command, readonly string[]>();

/** Lines that can be pasted, the most usual first. */
export function withExamples(command: Command, lines: readonly string[]): Command {
  EXAMPLES.set(command, lines);
  return command;
}

export function examplesOf(command: Command): readonly string[] {
  return EXAMPLES.get(command) ?? [];
}

/** What commander calls to write a command's help. */
export function formatHelp(command: Command, help: Help): string {
  const sections = [
    help.boxWrap(help.commandDescription(command), help.helpWidth ?? 80),
    section('EXAMPLES', examplesOf(command)),
    section('USAGE', [help.commandUsage(command).replace('[options]', '[flags]')]),
    section('COMMANDS', pairs(commandRows(command, help), help)),
    section('ARGUMENTS', pairs(argumentRows(command, help), help)),
    ...optionSections(command, help),
    ...(command.parent === null
      ? [
          section('EXIT CODES', pairs(EXIT_MEANINGS, help)),
          section(
            'MORE',
            pairs(
              TOPICS.map(({ name, summary }): Row => [`help ${name}`, summary]),
              help,
            ),
          ),
        ]
      : []),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

/** For who types nothing but the program's name: what there is to type. */
export function formatShortHelp(program: Command): string {
  const help = program.createHelp();
  const names = commandRows(program, help).map(([name]) => name);
  const sections = [
    program.description(),
    section('EXAMPLES', examplesOf(program)),
    section('COMMANDS', help.boxWrap(names.join('  '), Math.min(help.helpWidth ?? 80, 80) - 2).split('\n')),
    `More: ${program.name()} --help · ${program.name()} <command> --help`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** For `jobsched help exit-codes`. */
export function formatTopic({ name, summary, rows }: Topic, program: Command): string {
  return `${name}: ${summary}\n\n${section('', pairs(rows, program.createHelp())).slice(1)}\n`;
}

type Row = readonly [term: string, words: string];

function commandRows(command: Command, help: Help): readonly Row[] {
  return help.visibleCommands(command).map((each) => [each.name(), help.subcommandDescription(each)]);
}

function argumentRows(command: Command, help: Help): readonly Row[] {
  return help.visibleArguments(command).map((each) => [help.argumentTerm(each), help.argumentDescription(each)]);
}

const OWN = 'Flags';

/** A command's own flags, then its groups, and last what it shares with others. */
function optionSections(command: Command, help: Help): readonly string[] {
  const groups = Map.groupBy(help.visibleOptions(command), (option) => option.helpGroupHeading ?? OWN);
  const rank = (title: string): number => (title === OWN ? 0 : title === SHARED ? 2 : 1);
  const inOrder = [...groups].toSorted(([a], [b]) => rank(a) - rank(b));
  return inOrder.map(([title, options]) => {
    const rows = options.map((option): Row => [help.optionTerm(option), help.optionDescription(option)]);
    return section(title.toUpperCase(), pairs(rows, help));
  });
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

const MOST_TERM_WIDTH = 28;

/** Terms, and their words beside them or, beside a long term, below it; wrapped at the terminal's edge. */
function pairs(rows: readonly Row[], help: Help): readonly string[] {
  const width = Math.min(MOST_TERM_WIDTH, Math.max(0, ...rows.map(([term]) => term.length)));
  const indent = ' '.repeat(width + 2);
  return rows.flatMap(([term, words]) => {
    const room = Math.max(24, (help.helpWidth ?? 80) - indent.length - 2);
    const [first = '', ...rest] = help.boxWrap(words, room).split('\n');
    const below = rest.map((line) => indent + line);
    return term.length > width ? [term, indent + first, ...below] : [`${term.padEnd(width)}  ${first}`, ...below];
  });
}
