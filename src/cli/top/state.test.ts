import { expect, test } from 'vitest';
import { BEGINNING, onKey, type TopEffect, type TopState } from './state.ts';
import type { RunView } from '../../client/client.ts';

const RUNS = ['a', 'b', 'c'].map((id) => ({ id, job_id: id, job_name: id, number: 1 }) as RunView);

/** What some keys come to, one after the other. */
function typed(...keys: readonly string[]): TopState & { readonly effects: readonly (TopEffect | null)[] } {
  let state = BEGINNING;
  const effects = keys.map((key) => {
    const step = onKey(state, key, RUNS);
    state = step.state;
    return step.effect;
  });
  return { ...state, effects };
}

test.each([
  [['j'], 'a'],
  [['down', 'j'], 'b'],
  [['j', 'j', 'j', 'j', 'j'], 'c'],
  [['k'], 'c'],
  [['j', 'j', 'up', 'k'], 'a'],
  [['x'], null],
])('%j chooses %s', (keys, chosen) => expect(typed(...keys).chosen).toBe(chosen));

test('where there is no run none is chosen', () => expect(onKey(BEGINNING, 'j', []).state.chosen).toBeNull());

test('a chosen run that is gone is not acted on', () => {
  const { state, effect } = onKey({ ...BEGINNING, chosen: 'gone' }, 'r', RUNS);
  expect([state.notice, effect]).toEqual([expect.stringContaining('choose a run'), null]);
});

test('a filter is what is typed, until Enter; q and ? belong to it', () => {
  const keys = ['/', 'q', '?', 'x', 'backspace', 'up'];
  expect(typed(...keys)).toMatchObject({ mode: { kind: 'filter' }, filter: 'q?' });
  expect(typed(...keys, 'enter')).toMatchObject({ mode: { kind: 'rows' }, filter: 'q?' });
  expect(typed(...keys, 'escape').filter).toBe('');
  expect(typed(...keys, 'enter', 'escape').filter).toBe('');
});

test('c asks, and only y cancels what was asked about', () => {
  expect(typed('j', 'c').mode).toEqual({ kind: 'question', run: RUNS[0] });
  expect(typed('j', 'c', 'y').effects).toEqual([null, null, { kind: 'cancel', run: RUNS[0] }]);
  for (const no of ['n', 'Y', 'enter', 'escape', 'q', 'j']) {
    expect(typed('j', 'c', no)).toMatchObject({ mode: { kind: 'rows' }, chosen: 'a', effects: [null, null, null] });
  }
});

test('r runs again, l shows the log, ? the keys, and any key goes back from there', () => {
  expect(typed('j', 'r').effects[1]).toEqual({ kind: 'retry', run: RUNS[0] });
  expect(typed('j', 'l')).toMatchObject({ mode: { kind: 'log', run: RUNS[0] }, effects: [null, { kind: 'look' }] });
  for (const shown of ['l', '?']) {
    expect(typed('j', shown, 'q')).toMatchObject({ mode: { kind: 'rows' }, chosen: 'a' });
    expect(typed('j', shown, 'q').effects[2]).not.toEqual({ kind: 'quit' });
  }
  expect(typed('q').effects).toEqual([{ kind: 'quit' }]);
});
