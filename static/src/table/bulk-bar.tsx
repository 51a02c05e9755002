/** What can be done with the selected rows. It lies over the page's end, so that nothing moves when it comes. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { BulkAction, BulkWish } from '../api/bulk.ts';
import type { Filter } from '../filter/filter.ts';
import { number, plural } from '../format/size.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { noOperating } from '../session/session.ts';
import { useKeys } from '../shell/keys.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import type { Identified } from './join-rows.ts';
import type { RowList } from './row-list.ts';
import type { Selection } from './selection.ts';

export interface BulkChoice {
  readonly action: BulkAction;
  readonly text: string;
  readonly icon: IconName;
  readonly shortcut?: string;
}

/** What a person is asked about, which stays as it is while what it is done to leaves the list. */
interface Asked {
  readonly choice: BulkChoice;
  readonly on: BulkWish['on'];
}

interface Props {
  readonly of: 'jobs' | 'runs';
  readonly noun: string;
  readonly choices: readonly BulkChoice[];
  readonly selection: Selection;
  readonly list: RowList<Identified>;
  readonly filter: Filter;
}

export function BulkBar({ of, noun, choices, selection, list, filter }: Props): JSX.Element {
  const asked = useSignal<Asked | null>(null);
  const refusal = noOperating.value;
  const chosen = selection.chosen.value;
  const ask = (choice: BulkChoice): void => {
    if (refusal !== null || selection.isEmpty.value) return;
    const on = chosen.kind === 'matching' ? { filter } : { ids: [...chosen.ids] };
    asked.value = { choice, on };
  };
  useKeys(
    Object.fromEntries(choices.flatMap((choice) => (choice.shortcut ? [[choice.shortcut, () => ask(choice)]] : []))),
  );
  const loaded = list.rows.value?.length ?? 0;
  const mayBeMore = chosen.kind === 'ids' && chosen.ids.size >= loaded;
  return (
    <>
      {!selection.isEmpty.value && (
        <div class="bulk" role="region" aria-label="Selected">
          <span class="number" role="status">
            {chosen.kind === 'matching' ? `All ${noun}s that match` : `${plural(chosen.ids.size, noun)} selected`}
          </span>
          {mayBeMore && list.more.value && (
            <button type="button" class="link" onClick={() => selection.chooseMatching()}>
              Select all that match, also beyond these {number(loaded)}
            </button>
          )}
          {chosen.kind === 'matching' && list.more.value && (
            <button
              type="button"
              class="link"
              onClick={() => selection.choose(list.rows.value?.map(({ id }) => id) ?? [])}
            >
              Only these {number(loaded)}
            </button>
          )}
          <span class="buttons">
            {choices.map((choice) => (
              <button
                key={choice.action}
                type="button"
                aria-disabled={refusal !== null}
                title={refusal ?? (choice.shortcut && `${choice.text} (${choice.shortcut})`)}
                onClick={() => ask(choice)}
              >
                <Icon name={choice.icon} />
                {choice.text}
              </button>
            ))}
            <button type="button" onClick={() => selection.clear()}>
              <Icon name="cross" />
              Select none
            </button>
          </span>
        </div>
      )}
      {asked.value !== null && (
        <BulkDialog
          wish={{ of, action: asked.value.choice.action, on: asked.value.on, force: false }}
          text={asked.value.choice.text}
          noun={noun}
          onDone={() => {
            selection.clear();
            list.refresh();
          }}
          onClose={() => (asked.value = null)}
        />
      )}
    </>
  );
}
