/** Words to one line that a POSIX shell splits into the same words again. */

/** What no shell treats as special, anywhere in a word. `=` is: `a=b` as the first word would be an assignment. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-]+$/;

/** Words that mean something to some shell where a command is expected, unless they are quoted. */
const RESERVED = new Set(
  (
    'if then else elif fi do done case esac while until for in select function time coproc ' +
    'repeat foreach end nocorrect noglob'
  ).split(' '),
);

/** @throws RangeError for a word with a NUL, which no command line can hold. */
export function shellQuote(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (word.includes('\0')) throw new RangeError('a word of a command line cannot hold a NUL');
  return PLAIN.test(word) && !RESERVED.has(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
