import { expect, test } from 'vitest';
import { SCRIPTS } from '../generated/scripts.ts';

test.each(Object.entries(SCRIPTS))('%s looks whether the installation is still that of its caller', (_, { parts }) => {
  expect(parts).toContain('engine.INSTALLATION');
});
