import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronDefinition, onceDefinition } from '../../test/support/definitions.ts';
import { decodeDefinition, encodeDefinition, withUnknown } from './definition-json.ts';

const seconds = fc.nat(100_000);
const common = {
  name: fc.option(fc.string()),
  description: fc.string(),
  tags: fc.array(fc.string(), { maxLength: 3 }),
  command: fc.string({ unit: 'binary' }),
  queue: fc.constantFrom('default', 'host:a'),
  priority: fc.integer({ min: -100, max: 100 }),
  overlap: fc.constantFrom('skip', 'queue', 'replace', 'allow'),
  timeoutSeconds: fc.option(seconds),
  retries: fc.nat(10),
  retryOnExitCodes: fc.option(fc.array(fc.nat(255), { maxLength: 3 })),
  onLost: fc.constantFrom('retry', 'fail', null),
  env: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3, noNullPrototype: true }),
  cwd: fc.option(fc.string()),
  keepRuns: fc.nat(200),
} as const;
const once = fc.record({ ...common, runAt: fc.option(fc.nat()) }, { requiredKeys: [] }).map(onceDefinition);
const cron = fc
  .record({ ...common, startsAt: fc.option(fc.nat()), jitterSeconds: seconds }, { requiredKeys: [] })
  .map(cronDefinition);

describe('definition JSON', () => {
  it('gives back every definition', () => {
    fc.assert(
      fc.property(fc.oneof(once, cron), (definition) => {
        expect(decodeDefinition(encodeDefinition(definition))).toEqual(definition);
      }),
    );
  });

  it('is the same text for equal definitions', () => {
    const definition = onceDefinition({ retries: 3, env: { A: 'b' } });
    const shuffled = Object.fromEntries(Object.entries(definition).toReversed()) as typeof definition;
    expect(encodeDefinition(shuffled)).toBe(encodeDefinition(definition));
  });

  it('leaves out what is usual', () => {
    expect(encodeDefinition(onceDefinition({ command: 'date' }))).toBe('{"command":"date"}');
    expect(encodeDefinition(onceDefinition({ command: 'date', priority: 5 }))).toBe('{"command":"date","priority":5}');
  });

  it('keeps fields of a newer version, which mean nothing, also through an edit', () => {
    const newer = decodeDefinition('{"command":"date","nice":5,"notify":{"to":["a"]}}');
    expect({ ...newer }).toMatchObject(onceDefinition({ command: 'date' }));
    expect(Object.keys(newer).toSorted()).toEqual(Object.keys(onceDefinition()).toSorted());
    expect(encodeDefinition(newer)).toBe('{"command":"date","nice":5,"notify":{"to":["a"]}}');
    const edited = withUnknown(onceDefinition({ command: 'ls' }), newer);
    expect(encodeDefinition(edited)).toBe('{"command":"ls","nice":5,"notify":{"to":["a"]}}');
    expect(encodeDefinition(withUnknown(edited, onceDefinition()))).toBe(encodeDefinition(edited));
  });

  /** A stored job must never change its meaning: if this fails, the codec was changed, not the test outdated. */
  it('has usual values that never change', () => {
    expect(decodeDefinition('{"command":"c"}')).toEqual({
      type: 'once',
      command: 'c',
      runAt: null,
      name: null,
      description: '',
      tags: [],
      queue: 'default',
      priority: 0,
      overlap: 'skip',
      timeoutSeconds: null,
      killGraceSeconds: 10,
      retries: 0,
      retryDelaySeconds: 10,
      retryBackoff: 'exponential',
      retryMaxDelaySeconds: 3_600,
      retryOnExitCodes: null,
      onLost: null,
      lostAfterSeconds: 60,
      lateAfterSeconds: null,
      env: {},
      cwd: null,
      shell: '/bin/sh',
      stdin: null,
      keepRuns: 100,
      keepFailedRuns: 100,
      keepDays: 30,
      outputLimitBytes: 1_048_576,
    });
    expect(decodeDefinition('{"type":"cron","command":"c","schedule":"s","timezone":"UTC","anchor":1}')).toMatchObject({
      startsAt: null,
      endsAt: null,
      jitterSeconds: 0,
      misfire: 'latest',
      misfireWindowSeconds: 3_600,
    });
  });
});
