import { OptionError } from '@benchlab-otel/core';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../random/random.ts';
import { estimateEnergy } from './estimateEnergy.ts';
import type { EstimateInput, OperationCalls } from './estimateInput.ts';
import type { MeterModel } from './meterModel.ts';
import { calibratedMeter, knownMeters, meterOf, unknownMeter } from './meters.ts';
import { maxSlopes } from './slopeColumns.ts';
import { overlappingKinds } from './testing/overlappingKinds.ts';
import { simulatedBench } from './testing/simulatedBench.ts';

const averaging: MeterModel = {
  aperture: { kind: 'mean', seconds: 0.05 },
  gain: { kind: 'stderr', value: 0.005 },
  offsetWatts: { kind: 'stderr', value: 0.5 },
  quantumWatts: 0.01,
  source: 'test',
};

/** Exact means of 50 ms of 100 W and what the calls add; noise of 0.1 W. */
function benchOf(
  seconds: number,
  operations: readonly OperationCalls[],
  watts: (operation: number) => number,
  meter: MeterModel = averaging,
): EstimateInput {
  const random = seededRandom(17);
  const count = Math.round(seconds * 20);
  const power = Float64Array.from({ length: count }, () => 100 + 0.1 * random.gauss());
  operations.forEach(({ startsNs, endsNs, weights }, operation) => {
    for (let k = 0; k < startsNs.length; k++) {
      const start = (startsNs[k] ?? 0) / 1e9;
      const end = (endsNs[k] ?? 0) / 1e9;
      for (let i = Math.max(0, Math.floor(start * 20)); i < count && i / 20 < end; i++) {
        const share = (Math.min(end, (i + 1) / 20) - Math.max(start, i / 20)) * 20;
        power[i] = (power[i] ?? 0) + watts(operation) * (weights?.[k] ?? 1) * share;
      }
    }
  });
  return {
    samples: {
      timesNs: Float64Array.from(power, (_, i) => (i + 1) * 5e7),
      watts: power,
      uncertaintiesNs: new Float64Array(count).fill(1e4),
      gapBefore: new Uint8Array(count),
    },
    operations,
    meter,
  };
}

function callsOf(name: string, rows: readonly (readonly [number, number])[], weight?: number): OperationCalls {
  return {
    name,
    startsNs: Float64Array.from(rows, ([start]) => start * 1e9),
    endsNs: Float64Array.from(rows, ([, end]) => end * 1e9),
    ...(weight !== undefined && { weights: new Float64Array(rows.length).fill(weight) }),
  };
}

/** Calls of one duration at random times. */
function randomCalls(name: string, count: number, seconds: number, within: number, seed = 1): OperationCalls {
  const random = seededRandom(seed);
  return callsOf(
    name,
    Array.from({ length: count }, () => {
      const start = random.uniform() * (within - seconds);
      return [start, start + seconds] as const;
    }).sort((a, b) => a[0] - b[0]),
  );
}

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

describe('several operations', () => {
  test('that never run apart have no figures of their own, all of them together have', () => {
    const calls = randomCalls('a', 2000, 0.003, 20);
    const { operations, total } = estimateEnergy(benchOf(20, [calls, { ...calls, name: 'b' }], () => 30));
    expect(operations[0]?.added).toEqual({ kind: 'none', reason: { kind: 'inseparable' } });
    expect(operations[1]?.added).toEqual({ kind: 'none', reason: { kind: 'inseparable' } });
    if (total.added.kind !== 'figure') throw new Error('no figure');
    expect(total.added.joules).toBeCloseTo(360, -1);
  });

  test('whose watts differ have a slope each, and one slope is not allowed', () => {
    const { input, truth } = overlappingKinds({ watts: [40, 60, 90], disturbance: 'steps', cpu: 'even' }, 5);
    const { operations, commonSlope } = estimateEnergy(input);
    expect(commonSlope?.isAllowed).toBe(false);
    operations.forEach(({ added, addedIfEqual }, kind) => {
      if (added.kind !== 'figure') throw new Error('no figure');
      expect(added.joules / (truth[kind]?.added ?? 0)).toBeCloseTo(1, 0);
      expect(addedIfEqual).toBeUndefined();
    });
  });

  test('whose watts are equal may have one slope, next to their own and narrower', () => {
    const { input } = overlappingKinds({ watts: [60, 60, 60], disturbance: 'noise', cpu: 'even' }, 5);
    const { operations, commonSlope } = estimateEnergy(input);
    expect(commonSlope?.isAllowed).toBe(true);
    expect(commonSlope?.pValue).toBeGreaterThan(0.05);
    const [first] = operations;
    if (first?.added.kind === 'none' || first?.addedIfEqual === undefined) throw new Error('no figure');
    if (first.addedIfEqual.kind === 'none') throw new Error('no figure');
    expect(first.addedIfEqual.high - first.addedIfEqual.low).toBeLessThan(first.added.high - first.added.low);
  });

  test('beyond the number of slopes have no figure, the others keep theirs', () => {
    const many = Array.from({ length: maxSlopes + 3 }, (_, j) =>
      randomCalls(`op ${j}`, j < maxSlopes ? 60 : 20, 0.003, 60, j + 1),
    );
    const { operations, total } = estimateEnergy(benchOf(60, many, () => 60));
    expect(operations.at(-1)?.added).toEqual({
      kind: 'none',
      reason: { kind: 'too-many-operations', limit: maxSlopes },
    });
    expect(operations[0]?.added.kind).toBe('figure');
    expect(total.added.kind).toBe('figure');
    expect(operations.at(-1)?.calls).toBe(20);
  });

  test('without calls have a reason, the others keep their figures', () => {
    const input = benchOf(20, [callsOf('idle', []), randomCalls('a', 2000, 0.003, 20)], () => 60);
    const { operations } = estimateEnergy(input);
    expect(operations[0]).toMatchObject({
      calls: 0,
      seconds: 0,
      whole: { kind: 'none', reason: { kind: 'no-calls' } },
    });
    expect(operations[1]?.added.kind).toBe('figure');
  });
});

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

  test('an interval as wide as the figure is none, and more time would be enough', () => {
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

describe('meters', () => {
  test('errors that are not stated are listed and in no interval', () => {
    const { whole, added } = estimateEnergy(benchOf(20, [callsOf('a', [[2, 8]])], () => 60, unknownMeter)).total;
    if (whole.kind !== 'figure' || added.kind === 'none') throw new Error('no figure');
    expect(whole.meterNotStated).toEqual(['gain', 'offset', 'quantum']);
    expect(added.meterNotStated).toEqual(['gain']);
    expect(whole).not.toHaveProperty('meterStderr');
    expect(whole).not.toHaveProperty('meterBound');
  });

  test('a bound counts in full and apart from standard errors', () => {
    const meter = { ...averaging, gain: { kind: 'bound', value: 0.02 } } as const;
    const { whole } = estimateEnergy(benchOf(20, [callsOf('a', [[2, 8]])], () => 60, meter)).total;
    if (whole.kind !== 'figure') throw new Error('no figure');
    expect(whole.meterBound).toBeCloseTo(0.02 * whole.joules, 6);
    expect(whole.high - whole.joules).toBeGreaterThan(0.02 * whole.joules);
  });

  test('a calibration fills in what the vendor does not state, and names where it comes from', () => {
    const board = meterOf('BENCHLAB 2', 7);
    expect(board.gain).toBe('not stated by the vendor');
    const calibrated = calibratedMeter(board, {
      gain: { kind: 'stderr', value: 0.002 },
      source: 'Our lab, 2026.',
    });
    expect(calibrated.gain).toEqual({ kind: 'stderr', value: 0.002 });
    expect(calibrated.aperture).toBe('not stated');
    expect(calibrated.source).toContain('Our lab, 2026. Otherwise: ');
  });

  test('of an unknown product or firmware nothing is known', () => {
    expect(meterOf('BENCHLAB 2', 7).refreshSeconds).toBe(0.1);
    expect(meterOf('BENCHLAB 2', 99)).toBe(unknownMeter);
    expect(meterOf('BENCHLAB 2')).toBe(unknownMeter);
    expect(meterOf('PMD2', 1)).toBe(unknownMeter);
    expect(meterOf('RAPL energy counter').aperture).toEqual({ kind: 'mean', seconds: 'since the sample before' });
  });

  test('every known meter has a source and passes the check', () => {
    for (const { model } of knownMeters) {
      expect(model.source).not.toBe('');
      estimateEnergy(benchOf(20, [callsOf('a', [[2, 8]])], () => 60, model));
    }
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
