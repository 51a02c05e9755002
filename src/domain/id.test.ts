import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJobId, isJobName, jobId, parseRunId, runId, shortRunName, workerId } from './id.ts';

const UUID = '0199a6c2-1111-7222-8333-444455556666';

describe('job and worker ids', () => {
  it('are UUIDs in lower case', () => {
    expect(isJobId(UUID)).toBe(true);
    expect(jobId(UUID)).toBe(UUID);
    expect(workerId(UUID)).toBe(UUID);
  });

  it.each(['', 'nightly', UUID.toUpperCase(), UUID.slice(1), `${UUID}0`, `${UUID}\n`, UUID.replaceAll('-', '')])(
    'are not %j',
    (text) => {
      expect(isJobId(text)).toBe(false);
      expect(() => jobId(text)).toThrow(RangeError);
      expect(() => workerId(text)).toThrow(RangeError);
    },
  );
});

describe('job names', () => {
  it.each(['a', '7', 'nightly', 'Back-up_2.daily', 'x'.repeat(64), 'constructor'])('may be %j', (text) => {
    expect(isJobName(text)).toBe(true);
  });

  it.each(['', '-a', '.a', '_a', 'a b', 'a/b', 'a#1', 'ä', 'x'.repeat(65), 'a\n', UUID, UUID.toUpperCase()])(
    'may not be %j',
    (text) => {
      expect(isJobName(text)).toBe(false);
    },
  );
});

describe('run ids', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 999_999_999_999_999 }), (uuid, number) => {
        const job = jobId(uuid);
        const run = runId(job, number);
        expect(parseRunId(run)).toEqual({ run, job, number });
      }),
    );
  });

  it.each(['', UUID, `${UUID}.`, `${UUID}.0`, `${UUID}.01`, `${UUID}.-1`, `${UUID}.1.5`, `${UUID}.1e3`, `${UUID}#1`])(
    'are not %j',
    (text) => {
      expect(parseRunId(text)).toBeNull();
    },
  );

  it('with more digits than a number holds exactly are none', () => {
    expect(parseRunId(`${UUID}.9999999999999999`)).toBeNull();
  });

  it('have a short form for people', () => {
    expect(shortRunName({ id: jobId(UUID), name: 'nightly' }, 42)).toBe('nightly#42');
    expect(shortRunName({ id: jobId(UUID), name: null }, 1)).toBe('0199a6c2#1');
  });
});
