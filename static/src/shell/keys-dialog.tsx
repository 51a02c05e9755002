/** `?`: the keys there are. */
import type { JSX } from 'preact';
import { Dialog } from '../parts/dialog.tsx';
import { keysUsed } from './keys.ts';
import { closeOverlay } from './overlay.ts';

const GROUPS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Everywhere',
    [
      ['Ctrl K', 'Search, or jump anywhere'],
      ['/', 'Filter this list'],
      ['s', 'New job'],
      ['p', 'Hold the page still, let it go on'],
      ['t', 'Light, dark, as the system'],
      ['?', 'These keys'],
    ],
  ],
  [
    'Go to',
    [
      ['g o', 'Overview'],
      ['g j', 'Jobs'],
      ['g r', 'Runs'],
      ['g s', 'Schedules'],
      ['g w', 'Workers'],
      ['g ,', 'Settings'],
    ],
  ],
  [
    'In a list',
    [
      ['j', 'Next row'],
      ['k', 'Row before'],
      ['x', 'Select the row'],
      ['Enter', 'Open it'],
      ['r', 'Run the selected again'],
      ['c', 'Cancel the selected'],
    ],
  ],
  [
    'In the calendar',
    [
      ['d', 'A day'],
      ['w', 'A week'],
      ['[', 'Back'],
      [']', 'On'],
      ['.', 'With the present'],
    ],
  ],
  [
    'At a run',
    [
      ['r', 'Run it again'],
      ['R', 'Run it again with changes'],
      ['c', 'Cancel it'],
      ['/', 'Search its output'],
      ['n', 'Next match'],
      ['N', 'Match before'],
      ['e', 'First error'],
      ['f', 'Follow, stop following'],
      ['w', 'Wrap long lines'],
      ['t', 'Times of lines'],
    ],
  ],
];

export const KeysDialog = (): JSX.Element => (
  <Dialog title="Keys" class="keys" onClose={closeOverlay}>
    <div class="key-groups">
      {GROUPS.map(([name, keys]) => (
        <section key={name}>
          <h3>{name}</h3>
          <dl>
            {keys.map(([key, words]) => (
              <div key={key}>
                <dt>
                  {key.split(' ').map((part) => (
                    <kbd key={part}>{part}</kbd>
                  ))}
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
    <div class="buttons between">
      <label class="toggle">
        <input
          type="checkbox"
          checked={keysUsed.value === 'on'}
          onChange={(event) => {
            keysUsed.value = event.currentTarget.checked ? 'on' : 'off';
          }}
        />
        Keys of one letter
      </label>
      <button type="button" onClick={closeOverlay}>
        Close
      </button>
    </div>
  </Dialog>
);
