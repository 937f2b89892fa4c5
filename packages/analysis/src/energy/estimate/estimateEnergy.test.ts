import { describe, expect, test } from 'vitest';
import { estimateEnergy } from './estimateEnergy.ts';
import { unknownMeter } from './meters.ts';
import { benchOf, callsOf, randomCalls } from './simulatedCalls.suite.ts';
import { overlappingKinds } from './testing/overlappingKinds.ts';

describe('the whole', () => {
  test('is what the rails delivered while the calls ran, within its interval', () => {
    const { total, operations } = estimateEnergy(
      benchOf(
        20,
        [
          callsOf('a', [
            [2, 5],
            [11, 12.5],
          ]),
        ],
        () => 60,
      ),
    );
    if (total.whole.kind !== 'figure') throw new Error('no figure');
    expect(total.whole.joules).toBeCloseTo(4.5 * 160, 0);
    expect(total.whole.low).toBeLessThan(720);
    expect(total.whole.high).toBeGreaterThan(720);
    expect(operations[0]?.seconds).toBeCloseTo(4.5, 9);
    expect(operations[0]?.calls).toBe(2);
    expect(operations[0]?.coverage).toBe(1);
  });

  test('keeps the part of the meter apart, and the interval is made of both', () => {
    const { whole } = estimateEnergy(benchOf(20, [callsOf('a', [[2, 5]])], () => 60)).total;
    if (whole.kind !== 'figure') throw new Error('no figure');
    // Gain 0.5 % of 480 J, 0.5 W and a hundredth of a watt over root 12 for 3 s.
    expect(whole.meterStderr).toBeCloseTo(Math.hypot(0.005 * 480, 0.5 * 3, (0.01 / Math.sqrt(12)) * 3), 2);
    expect(whole.samplingStderr).toBeGreaterThan(0);
    expect((whole.high - whole.low) / 2).toBeGreaterThan(1.95 * (whole.meterStderr ?? 0));
    expect(whole.meterNotStated).toEqual([]);
  });

  test('of a call that covers all samples needs no slope', () => {
    const { total } = estimateEnergy(benchOf(20, [callsOf('a', [[-1, 30]])], () => 0));
    expect(total.whole).toMatchObject({ kind: 'figure' });
    expect(total.added).toEqual({ kind: 'none', reason: { kind: 'no-contrast' } });
    expect(total.coverage).toBeCloseTo(20.05 / 31, 3); // one period before and after the samples counts
  });

  test('of parts of the time adds up to that of all of it', () => {
    const input = benchOf(20, [randomCalls('a', 3000, 0.002, 20)], () => 60);
    const part = (startNs: number, endNs: number) => {
      const { whole } = estimateEnergy({ ...input, window: { startNs, endNs } }).total;
      return whole.kind === 'figure' ? whole.joules : Number.NaN;
    };
    const all = estimateEnergy(input).total.whole;
    if (all.kind !== 'figure') throw new Error('no figure');
    expect(part(0, 7.03e9) + part(7.03e9, 20e9)).toBeCloseTo(all.joules, 6);
  });

  test('of the operations adds up to that of all of them', () => {
    const { input } = overlappingKinds({ watts: [40, 60, 90], disturbance: 'steps', cpu: 'even' }, 3);
    const { operations, total } = estimateEnergy(input);
    const sum = operations.reduce((all, { whole }) => all + (whole.kind === 'figure' ? whole.joules : Number.NaN), 0);
    if (total.whole.kind !== 'figure') throw new Error('no figure');
    expect(sum / total.whole.joules).toBeCloseTo(1, 9);
  });

  test('is wider where samples are missing, and absent where most are', () => {
    const input = benchOf(20, [callsOf('a', [[1, 19]])], () => 60);
    const without = (from: number, to: number) => {
      const watts = Float64Array.from(input.samples.watts, (value, i) =>
        i / 20 > from && i / 20 < to ? Number.NaN : value,
      );
      return estimateEnergy({ ...input, samples: { ...input.samples, watts } });
    };
    const all = estimateEnergy(input).total.whole;
    const some = without(5, 8);
    if (all.kind !== 'figure' || some.total.whole.kind !== 'figure') throw new Error('no figure');
    expect(some.total.whole.samplingStderr).toBeGreaterThan(2 * all.samplingStderr);
    expect(some.total.coverage).toBeCloseTo(1 - 3 / 18, 1);
    expect(some.leftOut.samplesNotFinite).toBe(59);
    expect(without(3, 18).total.whole).toMatchObject({ kind: 'none', reason: { kind: 'not-covered' } });
  });
});

describe('the added energy', () => {
  test('is what the calls cause, and its interval holds it', () => {
    const { added } = estimateEnergy(benchOf(20, [randomCalls('a', 2000, 0.003, 20)], () => 60)).total;
    if (added.kind !== 'figure') throw new Error('no figure');
    expect(added.joules).toBeCloseTo(360, -1);
    expect(added.low).toBeLessThan(360);
    expect(added.high).toBeGreaterThan(360);
    expect(added.meterStderr).toBeCloseTo(0.005 * added.joules, 9);
  });

  test('of calls that cause nothing is not different from 0, with the interval', () => {
    const { added } = estimateEnergy(benchOf(20, [randomCalls('a', 2000, 0.003, 20)], () => 0)).total;
    expect(added.kind).toBe('not-different-from-zero');
    if (added.kind !== 'not-different-from-zero') throw new Error('a figure');
    expect(added.low).toBeLessThan(0);
    expect(added.high).toBeGreaterThan(0);
    expect(added.samplingStderr).toBeGreaterThan(0);
    expect(added.secondsMore).toBeGreaterThan(0);
  });

  test('that is clearly negative is a figure, not cut off', () => {
    const { added } = estimateEnergy(benchOf(20, [randomCalls('a', 2000, 0.003, 20)], () => -30)).total;
    if (added.kind !== 'figure') throw new Error('no figure');
    expect(added.high).toBeLessThan(0);
  });

  test('has an error above 0 even where power stands perfectly still', () => {
    const input = benchOf(20, [randomCalls('a', 200, 0.003, 20)], () => 0, unknownMeter);
    const watts = new Float64Array(400).fill(100);
    const { whole, added } = estimateEnergy({ ...input, samples: { ...input.samples, watts } }).total;
    if (whole.kind !== 'figure' || added.kind === 'none') throw new Error('no figure');
    expect(whole.samplingStderr).toBeGreaterThan(0);
    expect(added.samplingStderr).toBeGreaterThan(0);
    expect(added.kind).toBe('not-different-from-zero');
  });

  test('is absent for calls that come by a timer, with the reason', () => {
    const rows = Array.from({ length: 4000 }, (_, k) => [k * 0.005 + 0.001, k * 0.005 + 0.003] as const);
    const { added, whole } = estimateEnergy(benchOf(20, [callsOf('a', rows)], () => 60)).total;
    expect(added).toEqual({ kind: 'none', reason: { kind: 'no-contrast' } });
    expect(whole.kind).toBe('none');
  });
});

test('a run of 20 s at 20 Hz with 20,000 calls takes well under 100 ms of CPU', () => {
  const input = benchOf(20, [randomCalls('a', 20_000, 5e-5, 20)], () => 60);
  const taken = Array.from({ length: 12 }, () => {
    const before = process.cpuUsage();
    estimateEnergy(input);
    return process.cpuUsage(before).user / 1000;
  });
  expect(Math.min(...taken)).toBeLessThan(100);
});
