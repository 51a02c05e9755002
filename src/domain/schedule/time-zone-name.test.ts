import { describe, expect, test } from 'vitest';
import { JobschedError } from '../../errors.ts';
import { resolveTimeZone } from './time-zone-name.ts';

function hintFor(name: string): string | null {
  try {
    return `resolved as ${resolveTimeZone(name)}`;
  } catch (error) {
    if (error instanceof JobschedError) return error.hint;
    throw error;
  }
}

describe('resolveTimeZone', () => {
  test.for([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['EUROPE/BERLIN', 'Europe/Berlin'],
    ['utc', 'UTC'],
    ['us/eastern', 'US/Eastern'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
    ['asia/kolkata', 'Asia/Kolkata'],
    ['etc/gmt+5', 'Etc/GMT+5'],
  ] as const)('%s is %s', ([name, resolved]) => {
    expect(resolveTimeZone(name)).toBe(resolved);
  });

  test('knows every zone of the platform by its own name', () => {
    for (const name of Intl.supportedValuesOf('timeZone')) expect(resolveTimeZone(name.toLowerCase())).toBe(name);
  });

  test.for([
    ['Europ/Berlin', 'Europe/Berlin'],
    ['Berlin', 'Europe/Berlin'],
    ['berln', 'Europe/Berlin'],
    ['New York', 'America/New_York'],
    ['America/NewYork', 'America/New_York'],
    ['Asia/Tokio', 'Asia/Tokyo'],
    ['Kyiv', 'Europe/Kyiv'],
    ['kolkatta', 'Asia/Kolkata'],
    ['Europe/Berlin\0', 'Europe/Berlin'],
  ] as const)('%s may mean %s', ([name, meant]) => {
    expect(hintFor(name)).toBe(`Did you mean ${meant}?`);
  });

  test.for([
    '',
    'PST',
    'CEST',
    'Middle/Earth',
    '+02:00',
    '-0500',
    'Z',
    'x'.repeat(65),

    '\u{1F30D}',
  ])('%s is no zone, and like none', (name) => {
    expect(hintFor(name)).toMatch(/^Name a zone/);
  });
});
