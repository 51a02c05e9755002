/**
 * Environment variables as they are typed: `NAME=value`, one a line. A value is what stands there, with one exception:
 * between `$'` and `'`, as in a shell, `\n` is a line feed and `\\` a backslash, so that a value may have several lines.
 */

const QUOTED = /^\$'((?:[^'\\]|\\.)*)'$/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', "'": "'", '\\': '\\' };

export function envText(env: Readonly<Record<string, string>>): string {
  const lines = Object.entries(env).map(([name, value]) => `${name}=${isPlain(value) ? value : quoted(value)}`);
  return lines.join('\n');
}

/** @param text of which each line that is not blank has a `=`. */
export function readEnv(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')).trim(), read(line.slice(line.indexOf('=') + 1))]),
  );
}

/** A carriage return would not come back out of a text field. */
const isPlain = (value: string): boolean => !/[\r\n]/.test(value) && !QUOTED.test(value);

const quoted = (value: string): string =>
  `$'${value
    .replaceAll(/[\\']/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)}'`;

function read(value: string): string {
  const inner = QUOTED.exec(value)?.[1];
  // What means nothing stays as it is, as in a shell.
  return inner?.replaceAll(/\\(.)/g, (whole, letter: string) => ESCAPES[letter] ?? whole) ?? value;
}
