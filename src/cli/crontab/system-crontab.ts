/** Knows a system crontab, with a user in each line, where it is taken for one of a user's own. */
import { readLines } from './line.ts';

/**
 * Whether most of its commands begin with a user's name and go on as commands do. Some users are called as programs are
 * (`mail -s …`, `git pull`), so that it takes most lines, and what begins with a flag is none.
 */
export function looksLikeSystemCrontab(text: string, users: ReadonlySet<string>): boolean {
  const entries = readLines(text, false).filter((line) => line.kind === 'entry');
  const named = entries.filter(({ command }) => {
    const [, user = ''] = /^([^ \t]+)[ \t]+[^- \t]/.exec(command) ?? [];
    return user === 'root' || users.has(user);
  });
  return named.length > entries.length / 2;
}
