/** What stands on the screen of `top`, by what somebody does in it. */
import type { Frame } from './frame.ts';
import { matching } from './matching.ts';
import { picture } from './picture.ts';
import type { Snapshot } from './snapshot.ts';
import { KEYS, type TopState } from './state.ts';
import { escapeLine } from '../format/escape.ts';
import type { Paint } from '../print/paint.ts';
import { runName } from '../run/run-words.ts';
import { formatSheet } from '../print/sheet.ts';

/** @param log the end of the log that is shown; null while it is not known. @returns lines, each with its line feed. */
export async function view(snapshot: Snapshot, state: TopState, log: string | null, frame: Frame): Promise<string> {
  const { mode, chosen, filter } = state;
  const { paint } = frame;
  const back = paint.quiet('any key goes back');
  if (mode.kind === 'keys') return `${paint.strong('KEYS')} · ${back}\n\n${await formatSheet(KEYS, frame)}`;
  if (mode.kind === 'log') {
    const title = `${paint.strong(escapeLine(runName(mode.run)))} · the newest lines · ${back}`;
    return `${title}\n\n${lastOf(log ?? '…', frame.height - 2)}`;
  }
  const shown = matching(snapshot, filter);
  return picture(shown, frame, { chosen, isFiltered: filter !== '', prompt: prompt(state, paint) });
}

function lastOf(text: string, lines: number): string {
  const all = text === '' ? ['nothing is written yet'] : text.trimEnd().split('\n');
  return `${all.slice(-lines).join('\n')}\n`;
}

/** The line above the rows; empty when there is nothing to say. */
function prompt({ mode, filter, notice }: TopState, paint: Paint): string {
  if (mode.kind === 'question') return paint.waiting(escapeLine(`cancel ${runName(mode.run)}? y or n`));
  if (mode.kind === 'filter') return `/${escapeLine(filter)}_`;
  if (notice !== '') return escapeLine(notice);
  return filter === '' ? '' : `only with ${paint.strong(escapeLine(filter))} · Escape shows all`;
}
