import { describe, expect, test } from 'vitest';
import { estimateEnergy } from './estimateEnergy.ts';
import { unknownMeter } from './meters.ts';
import { averaging, benchOf, callsOf, randomCalls } from './simulatedCalls.suite.ts';
import { simulatedBench } from './testing/simulatedBench.ts';

describe('where the data do not suffice', () => {
  test('too few samples give no figure, and the time that would', () => {
    const input = benchOf(0.3, [callsOf('a', [[0.1, 0.2]])], () => 60);
    const { total, operations, samples } = estimateEnergy(input);
    expect(samples).toBe(6);
    expect(total.whole).toMatchObject({ kind: 'none', reason: { kind: 'too-few-samples', samples: 6, needed: 10 } });
    expect(total.whole.kind === 'none' && total.whole.secondsMore).toBeCloseTo(0.2, 9);
    expect(operations[0]?.calls).toBe(1);
  });

  test('no samples at all give no figure', () => {
    const empty = { timesNs: [], watts: [], uncertaintiesNs: [], gapBefore: [] };
    const { total, samples } = estimateEnergy({
      samples: empty,
      operations: [callsOf('a', [[0, 1]])],
      meter: averaging,
    });
    expect(samples).toBe(0);
    expect(total.whole).toMatchObject({ kind: 'none', reason: { kind: 'too-few-samples', samples: 0 } });
  });

  test('no operations give a total without calls', () => {
    const { operations, total } = estimateEnergy(benchOf(20, [], () => 0));
    expect(operations).toEqual([]);
    expect(total.whole).toEqual({ kind: 'none', reason: { kind: 'no-calls' } });
  });

  test('calls about as long as a window without a place have no figure, far shorter ones have', () => {
    const at = (seconds: number) =>
      estimateEnergy(benchOf(20, [randomCalls('a', 40, seconds, 20)], () => 60, unknownMeter)).total;
    expect(at(0.05).whole).toMatchObject({
      kind: 'none',
      reason: { kind: 'window-unplaced', windowSeconds: expect.closeTo(0.05, 9) },
    });
    expect(at(0.05).added.kind).toBe('none');
    expect(at(0.5).whole.kind).toBe('figure');
  });

  test('an interval as wide as the figure gives no figure, and more time would be enough', () => {
    const { input } = simulatedBench(
      {
        callSeconds: 1e-4,
        rateHz: 10,
        meter: 'instant',
        disturbance: 'noise',
        addedWatts: 60,
        isDithered: false,
        hasMeterErrors: false,
        gaps: 'never',
        runSeconds: 4,
        duty: 0.002,
      },
      1,
    );
    const { whole } = estimateEnergy(input).total;
    expect(whole).toMatchObject({ kind: 'none', reason: { kind: 'too-wide' } });
    expect(whole.kind === 'none' && whole.secondsMore).toBeGreaterThan(0);
  });
});
