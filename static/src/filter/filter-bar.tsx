/** What narrows a list down: a text, states, and filters as tokens that can be taken away. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { STATUS_ICONS, STATUS_WORDS, type Status } from '../parts/status.tsx';
import { MOST_TEXT, withFilter } from './filter.ts';
import { toggledList, withTyped } from './tokens.ts';
import type { FilterState } from './use-filter.ts';

/** A filter besides text and state. */
export interface FilterField {
  /** In the API. */
  readonly name: string;
  readonly text: string;
  /** Its values and their words, when there are few. */
  readonly values?: readonly (readonly [string, string])[];
}

interface Props extends FilterState {
  /** What is filtered, as `jobs`. */
  readonly noun: string;
  readonly placeholder: string;
  readonly states: readonly Status[];
  readonly fields: readonly FilterField[];
}

const TYPING_MS = 150;

export function FilterBar(props: Props): JSX.Element {
  const { filter, change, noun, states, fields } = props;
  const chosen = new Set((filter['status'] ?? '').split(','));
  return (
    <div class="filter-bar" role="search" aria-label={`Filter ${noun}`}>
      <SearchField {...props} />
      {states.length > 0 && (
        <fieldset class="chips">
          <legend class="unseen">State</legend>
          {states.map((status) => (
            <label key={status} class={`chip status-${status}`}>
              <input
                type="checkbox"
                checked={chosen.has(status)}
                onChange={() => change((now) => withFilter(now, 'status', toggledList(now['status'] ?? '', status)))}
              />
              <Icon name={STATUS_ICONS[status]} />
              {STATUS_WORDS[status]}
            </label>
          ))}
        </fieldset>
      )}
      {fields.some(({ values }) => values !== undefined) && <AddFilter {...props} />}
      <Tokens filter={filter} change={change} fields={fields} />
    </div>
  );
}

function SearchField({ filter, change, noun, placeholder, fields }: Props): JSX.Element {
  const typed = useSignal(filter['q'] ?? '');
  const names = fields.map(({ name }) => name);
  // Another address is another text, unless it is what we took from the field: who types on meanwhile would lose that.
  const known = useRef(filter['q']);
  useEffect(() => {
    if (known.current === filter['q']) return;
    known.current = filter['q'];
    if ((filter['q'] ?? '') !== typed.peek().trim()) typed.value = filter['q'] ?? '';
  }, [filter['q']]);
  const take = (): void => {
    known.current = withTyped({}, typed.value, names)['q'];
    change((now) => withTyped(now, typed.value, names));
    typed.value = known.current ?? '';
  };
  useEffect(() => {
    const timer = setTimeout(() => {
      const text = typed.value.trim();
      const isToken = /(?:^|\s)[a-z]+:\S*$/.test(text);
      if (isToken || text === (filter['q'] ?? '')) return;
      known.current = text === '' ? undefined : text;
      change((now) => withFilter(now, 'q', text));
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed.value]);
  return (
    <span class="search">
      <Icon name="search" />
      <input
        type="search"
        aria-label={`Search ${noun}`}
        placeholder={placeholder}
        maxLength={MOST_TEXT}
        data-filter
        value={typed.value}
        onInput={(event) => (typed.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        onBlur={take}
      />
    </span>
  );
}

/** Filters of few values, to be picked. */
const AddFilter = ({ change, fields }: Props): JSX.Element => (
  <select
    class="add-filter"
    aria-label="Add a filter"
    value=""
    onChange={(event) => {
      const [name = '', value = ''] = event.currentTarget.value.split('=');
      change((now) => withFilter(now, name, value));
    }}
  >
    <option value="">Filter…</option>
    {fields.map(
      ({ name, text, values }) =>
        values !== undefined && (
          <optgroup key={name} label={text}>
            {values.map(([value, words]) => (
              <option key={value} value={`${name}=${value}`}>
                {words}
              </option>
            ))}
          </optgroup>
        ),
    )}
  </select>
);

function Tokens({ filter, change, fields }: Pick<Props, 'filter' | 'change' | 'fields'>): JSX.Element | null {
  const tokens = fields.filter(({ name }) => filter[name] !== undefined);
  if (tokens.length === 0) return null;
  return (
    <ul class="tokens" aria-label="Filters">
      {tokens.map(({ name, text, values }) => {
        const value = filter[name] ?? '';
        const words = values?.find(([one]) => one === value)?.[1] ?? value;
        return (
          <li key={name}>
            <button
              type="button"
              class="token"
              title="Take this filter away"
              onClick={() => change((now) => withFilter(now, name, ''))}
            >
              <span class="quiet">{text}</span> {words}
              <Icon name="cross" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
