/**
 * A crontab, line by line: what each of them is, as cron itself reads it. Every line is something, and nothing throws.
 */

export interface Entry {
  readonly kind: 'entry';
  /** Five fields with one space between them, or a word such as `@daily`. */
  readonly when: string;
  /** Of a system crontab: whose command it is. */
  readonly user: string | null;
  /** As it stands, its `%` untouched. */
  readonly command: string;
  /** A `-` stood before it: cron shall not log it. */
  readonly quiet: boolean;
}

export interface Variable {
  readonly kind: 'variable';
  readonly name: string;
  readonly value: string;
}

export interface Comment {
  readonly kind: 'comment';
  /** Without its `#`. */
  readonly text: string;
}

export interface Unreadable {
  readonly kind: 'unreadable';
  /** Completes "line 7 …". */
  readonly why: string;
}

export type Line = Entry | Variable | Comment | Unreadable | { readonly kind: 'blank' };

/** @param system whether the user stands between the time and the command, as in /etc/crontab. */
export function readLines(text: string, system: boolean): readonly Line[] {
  return text.split('\n').map((line) => readLine(line.replace(/\r$/, ''), system));
}

function readLine(line: string, system: boolean): Line {
  const text = line.replace(/^[ \t]+/, '');
  if (text.trim() === '') return { kind: 'blank' };
  if (text.startsWith('#')) return { kind: 'comment', text: text.replace(/^#+/, '').trim() };
  if (text.includes('\0')) return { kind: 'unreadable', why: 'holds a NUL byte' };
  return readVariable(text) ?? readEntry(text, system);
}

const VARIABLE = /^(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<plain>[^\s="']+))[ \t]*=[ \t]*(?<value>.*)$/;

function readVariable(text: string): Variable | null {
  const found = VARIABLE.exec(text)?.groups;
  if (found === undefined) return null;
  const name = found['double'] ?? found['single'] ?? found['plain'] ?? '';
  return { kind: 'variable', name, value: unquoted((found['value'] ?? '').trimEnd()) };
}

/** Quotes around the whole value keep its blanks, and go. */
function unquoted(value: string): string {
  const [first = ''] = value;
  const isQuoted = value.length > 1 && (first === '"' || first === "'") && value.endsWith(first);
  return isQuoted ? value.slice(1, -1) : value;
}

function readEntry(text: string, system: boolean): Entry | Unreadable {
  const quiet = text.startsWith('-');
  const words = quiet ? text.slice(1) : text;
  const time = words.startsWith('@') ? 1 : 5;
  const [, when = '', rest = ''] = new RegExp(`^((?:[^ \\t]+[ \\t]+){${time}})(.*)$`, 's').exec(words) ?? [];
  if (rest.trim() === '') return { kind: 'unreadable', why: missing(words, time) };
  const entry = {
    kind: 'entry',
    when: when
      .trim()
      .split(/[ \t]+/)
      .join(' '),
    quiet,
  } as const;
  if (!system) return { ...entry, user: null, command: rest };
  const [, user = '', command = ''] = /^([^ \t]+)[ \t]+(.+)$/s.exec(rest) ?? [];
  if (command === '') return { kind: 'unreadable', why: 'has no user before its command, or no command' };
  return { ...entry, user, command };
}

function missing(words: string, time: number): string {
  const count = words.trim().split(/[ \t]+/).length;
  if (count >= time) return 'has no command';
  return `has ${count} ${count === 1 ? 'word' : 'words'}, and is neither NAME=value nor five fields and a command`;
}
