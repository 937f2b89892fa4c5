import { OptionError } from '@benchlab-otel/core';
import { describe, expect, test } from 'vitest';
import { estimateEnergy } from './estimateEnergy.ts';
import type { OperationCalls } from './estimateInput.ts';
import { averaging, benchOf, callsOf, randomCalls } from './simulatedCalls.suite.ts';

describe('bad input', () => {
  test('calls that are impossible are left out and counted', () => {
    const good = randomCalls('a', 2000, 0.003, 20);
    const input = benchOf(20, [good], () => 60);
    const bad: OperationCalls = {
      name: 'a',
      startsNs: Float64Array.of(...Array.from(good.startsNs), 5e9, Number.NaN, 1e9, 2e9, 3e9),
      endsNs: Float64Array.of(...Array.from(good.endsNs), 4e9, 6e9, Number.POSITIVE_INFINITY, 2.1e9, 3.1e9),
      weights: Float64Array.of(...new Float64Array(2003).fill(1), Number.NaN, -1),
    };
    const { leftOut, total } = estimateEnergy({ ...input, operations: [bad] });
    expect(leftOut.callsInvalid).toBe(3);
    expect(leftOut.weightsInvalid).toBe(2);
    expect(total.calls).toBe(2000);
    expect(total.added.kind).toBe('figure');
  });

  test('calls of weight 0 add nothing', () => {
    const { total } = estimateEnergy(benchOf(20, [callsOf('a', [[1, 2]], 0)], () => 60));
    expect(total.whole).toEqual({ kind: 'none', reason: { kind: 'no-calls' } });
  });

  test('a huge weight next to a small one does not spoil the small one', () => {
    const huge = callsOf('huge', [[1, 2]], 1e12);
    const { operations } = estimateEnergy(benchOf(20, [huge, callsOf('a', [[5, 8]])], (k) => (k === 0 ? 0 : 60)));
    const whole = operations[1]?.whole;
    expect(whole?.kind === 'figure' && whole.joules).toBeCloseTo(480, 0);
  });

  test('parallel arrays of different lengths are an error that names them', () => {
    const input = benchOf(20, [callsOf('a', [[1, 2]])], () => 60);
    expect(() => estimateEnergy({ ...input, samples: { ...input.samples, watts: [1, 2] } })).toThrow(
      'samples.watts is a list of 2. It must be as long as the arrays next to it, 400.',
    );
    expect(() => estimateEnergy({ ...input, operations: [{ name: 'x', startsNs: [1], endsNs: [] }] })).toThrow(
      'endsNs of operation "x" is a list of 0. It must be as long as the arrays next to it, 1.',
    );
    const uneven = { name: 'x', startsNs: [1], endsNs: [2], weights: [1, 1] };
    expect(() => estimateEnergy({ ...input, operations: [uneven] })).toThrow(OptionError);
    expect(() => estimateEnergy({ ...input, window: { startNs: 2, endNs: 1 } })).toThrow('window.endNs is 1.');
  });

  test.each([
    ['aperture.seconds', { aperture: { kind: 'mean', seconds: 0 } }],
    ['refreshSeconds', { refreshSeconds: -1 }],
    ['quantumWatts', { quantumWatts: Number.NaN }],
    ['gain.value', { gain: { kind: 'bound', value: -0.1 } }],
    ['offsetWatts.value', { offsetWatts: { kind: 'stderr', value: Number.POSITIVE_INFINITY } }],
  ] as const)('a meter with an impossible %s is an error that names it', (name, part) => {
    const input = benchOf(20, [callsOf('a', [[1, 2]])], () => 60);
    expect(() => estimateEnergy({ ...input, meter: { ...averaging, ...part } })).toThrow(`meter.${name}`);
  });
});
