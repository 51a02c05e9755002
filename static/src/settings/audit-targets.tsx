/** What an entry of the audit log is about: one thing, or the first of many and the way to the others. */
import type { JSX } from 'preact';
import type { AuditEntryView } from '../../../src/http/schema/access.ts';
import { number, plural } from '../format/size.ts';
import { Dialog } from '../parts/dialog.tsx';

interface Props {
  readonly entry: AuditEntryView;
  readonly onMany: (entry: AuditEntryView) => void;
}

export function ToWhat({ entry, onMany }: Props): JSX.Element | null {
  const [first, ...others] = entry.targets;
  if (first === undefined) {
    const words = thingWords(entry.target, entry.detail);
    return words === '' ? null : <span title={words}>{words}</span>;
  }
  const shared = sharedWords(entry);
  const name = nameOf(first) ?? first.id;
  return (
    <span class="to-what">
      <span title={name}>{name}</span>
      {others.length > 0 && (
        <button type="button" class="link" onClick={() => onMany(entry)}>
          and {number(others.length)} more
        </button>
      )}
      <span class="quiet" title={shared}>
        {shared}
      </span>
    </span>
  );
}

interface DialogProps {
  readonly entry: AuditEntryView;
  readonly onClose: () => void;
}

export const TargetsDialog = ({ entry, onClose }: DialogProps): JSX.Element => (
  <Dialog title={`${entry.action} of ${plural(entry.targets.length, 'thing')}`} onClose={onClose}>
    <p class="quiet">{sharedWords(entry)}</p>
    <ol class="targets" tabIndex={0} aria-label="To what">
      {entry.targets.map((target) => (
        <li key={target.id}>
          {nameOf(target)} <code>{target.id}</code> {detailWords(target.detail)}
        </li>
      ))}
    </ol>
    <div class="buttons end">
      <button type="button" autofocus onClick={onClose}>
        Close
      </button>
    </div>
  </Dialog>
);

type Detail = AuditEntryView['detail'];

const nameOf = ({ detail: { name } }: { readonly detail: Detail }): string | null =>
  name === undefined || name === null ? null : `${name}`;

/** What it is called stands first: people know no ids. */
const thingWords = (id: string | null, detail: Detail): string =>
  [nameOf({ detail }), id, detailWords(detail)].filter(Boolean).join(', ');

/** Their number is said only where it is more than one entry holds. */
function sharedWords({ targets, detail: { count, ...rest } }: AuditEntryView): string {
  return detailWords(count === undefined || count === targets.length ? rest : { ...rest, count });
}

const detailWords = (detail: Detail): string =>
  Object.entries(detail)
    .flatMap(([name, value]) => (name === 'name' ? [] : `${name} ${value}`))
    .join(', ');
