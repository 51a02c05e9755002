/** Cron's `%`: the first one ends the command, all others are the line feeds of what the command reads. */

export interface CommandText {
  readonly command: string;
  /** With a line feed at its end, as cron gives it. Null: there was no `%`. */
  readonly stdin: string | null;
}

export function readCommand(text: string): CommandText {
  const [command = '', ...input] = splitPercent(text);
  if (input.length === 0) return { command: command.trimEnd(), stdin: null };
  const stdin = input.join('\n');
  return { command: command.trimEnd(), stdin: stdin.endsWith('\n') ? stdin : `${stdin}\n` };
}

/** At each `%` that no backslash protects; the backslashes that did are gone. */
function splitPercent(text: string): readonly string[] {
  return text.split(/(?<!\\)%/).map((part) => part.replaceAll('\\%', '%'));
}
