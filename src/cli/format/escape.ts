/**
 * Text of others, made harmless for a terminal.
 *
 * A name, a command or an output can hold escape sequences that retitle the window, hide a line or answer for the user.
 * Control characters are therefore shown, as `\e` or `\x07`, and never sent. So are the marks that turn the direction of
 * writing: they make `rm` read like something else.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const LINE_CONTROLS = /[\t\n]/g;

const SHORT: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\t': '\\t', '\u001b': '\\e' };

/** For a cell of a table or a line of a message: no line break either. */
export function escapeLine(text: string): string {
  return escapeText(text).replace(LINE_CONTROLS, show);
}

/** For output that has lines: tabs and line feeds stay, and so does a carriage return before a line feed. */
export function escapeText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(CONTROLS, show);
}

/** For JSON, which stays the same to any program: what it does not escape by itself. Its own line breaks stay. */
export function escapeJson(text: string): string {
  return text.replace(CONTROLS, unicode);
}

function show(character: string): string {
  const code = character.charCodeAt(0);
  const short = code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : unicode(character);
  return SHORT[character] ?? short;
}

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
