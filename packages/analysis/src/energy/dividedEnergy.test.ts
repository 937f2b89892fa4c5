import { expect, test } from 'vitest';
import { figure } from '../operations/example.suite.ts';
import { dividedEnergy } from './dividedEnergy.ts';

test('the energy of one call has the errors of one call', () => {
  const all = figure(100, 10, { meterStderr: 4, meterBound: 8 });
  expect(dividedEnergy(all, 4)).toEqual({
    ...figure(25, 2.5),
    samplingStderr: 1.25,
    meterStderr: 1,
    meterBound: 2,
  });
});

test('a reason with joules in it is of one call, too, and others stay', () => {
  const wide = { kind: 'none', reason: { kind: 'too-wide', halfWidthJoules: 10 }, secondsMore: 3 } as const;
  const none = { kind: 'none', reason: { kind: 'no-contrast' } } as const;
  expect(dividedEnergy(wide, 4)).toEqual({ ...wide, reason: { kind: 'too-wide', halfWidthJoules: 2.5 } });
  expect(dividedEnergy(none, 4)).toBe(none);
});
