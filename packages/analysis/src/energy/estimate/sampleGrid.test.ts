import { expect, test } from 'vitest';
import type { MeterSamples } from './estimateInput.ts';
import type { MeterModel } from './meterModel.ts';
import { unknownMeter } from './meters.ts';
import { sampleGrid } from './sampleGrid.ts';

const instant: MeterModel = { ...unknownMeter, aperture: { kind: 'instant' } };

/** Samples at these seconds, of 100 W each unless given. */
function samplesAt(
  seconds: readonly number[],
  more: Partial<Record<'watts' | 'gapBefore', number[]>> = {},
): MeterSamples {
  return {
    timesNs: Float64Array.from(seconds, (t) => 5e9 + t * 1e9),
    watts: Float64Array.from(more.watts ?? seconds.map(() => 100)),
    uncertaintiesNs: new Float64Array(seconds.length).fill(1e5),
    gapBefore: Uint8Array.from(more.gapBefore ?? seconds.map(() => 0)),
  };
}

const steady = Array.from({ length: 20 }, (_, k) => k * 0.05);

test('samples at regular steps form one run, in seconds after the first', () => {
  const { grid } = sampleGrid(samplesAt(steady), instant);
  expect(grid?.originNs).toBe(5e9);
  expect(grid?.run[19]).toBe(19);
  expect(grid?.periodSeconds).toBeCloseTo(0.05, 9);
});

test('values that are absent or not finite are left out and counted, and the run ends there', () => {
  const watts = steady.map((_, k) => (k === 5 ? Number.NaN : k === 6 ? Number.POSITIVE_INFINITY : 100));
  const { grid, leftOut } = sampleGrid(samplesAt(steady, { watts }), instant);
  expect(leftOut.samplesNotFinite).toBe(2);
  expect(grid?.times.length).toBe(18);
  expect(grid?.run[5]).toBe(0);
});

test('samples that are not newer than the one before are left out and counted', () => {
  const { grid, leftOut } = sampleGrid(samplesAt([0, 0.05, 0.05, 0.02, 0.1, 0.15, 0.2]), instant);
  expect(leftOut.samplesOutOfOrder).toBe(2);
  expect(grid?.times.length).toBe(5);
});

test('a gap that is marked on a sample that is left out still counts', () => {
  const watts = [100, 100, Number.NaN, 100, 100, 100];
  const gapBefore = [0, 0, 1, 0, 0, 0];
  const { grid } = sampleGrid(samplesAt([0, 0.05, 0.1, 0.15, 0.2, 0.25], { watts, gapBefore }), instant);
  expect(grid?.run[2]).toBe(0);
  expect(grid?.cells.gaps).toBe(3); // before all samples, in the gap, after all samples
});

test('a silence of half a second is a gap at 20 Hz, four missed samples are not', () => {
  const late = [0, 0.05, 0.1, 0.15, 0.2, 0.45, 0.5, 0.55];
  expect(sampleGrid(samplesAt(late), instant).grid?.cells.gaps).toBe(2);
  const silent = [0, 0.05, 0.1, 0.15, 0.2, 0.75, 0.8, 0.85];
  expect(sampleGrid(samplesAt(silent), instant).grid?.cells.gaps).toBe(3);
});

test('a device that renews its values at 10 Hz and is read at 20 Hz gives one sample for each value', () => {
  const { grid, leftOut } = sampleGrid(samplesAt(steady), { ...unknownMeter, refreshSeconds: 0.1 });
  expect(grid?.times.length).toBe(10);
  expect(leftOut.samplesRepeated).toBe(10);
  expect(grid?.windowSeconds).toBeCloseTo(0.1, 9);
  expect(grid?.isPlaced).toBe(false);
});

test('a mean of a second that is read at 20 Hz gives one sample for each second', () => {
  const seconds = Array.from({ length: 200 }, (_, k) => k * 0.05);
  const { grid } = sampleGrid(samplesAt(seconds), { ...unknownMeter, aperture: { kind: 'mean', seconds: 1 } });
  expect(grid?.times.length).toBe(10);
  expect(grid?.isAveraging).toBe(true);
  expect(grid?.isPlaced).toBe(true);
});

test('the window of a counter begins at the sample before', () => {
  const { grid } = sampleGrid(samplesAt([0, 0.05, 0.09, 0.15]), {
    ...unknownMeter,
    aperture: { kind: 'mean', seconds: 'since the sample before' },
  });
  expect(grid?.windows.from[2]).toBeCloseTo(0.05, 9);
  expect(grid?.windows.to[2]).toBeCloseTo(0.09, 9);
});

test('an aperture that is not stated is one period before the sample', () => {
  const { grid } = sampleGrid(samplesAt(steady), unknownMeter);
  expect((grid?.windows.to[4] ?? 0) - (grid?.windows.from[4] ?? 0)).toBeCloseTo(0.05, 9);
  expect(grid?.isPlaced).toBe(false);
});

test('a sample whose time is hardly known is left out and counted', () => {
  const samples = samplesAt(steady);
  (samples.uncertaintiesNs as Float64Array)[3] = 1e9;
  const { grid, leftOut } = sampleGrid(samples, instant);
  expect(leftOut.samplesUncertain).toBe(1);
  expect(grid?.times.length).toBe(19);
});

test('fewer than two samples make no grid', () => {
  expect(sampleGrid(samplesAt([]), instant).grid).toBeUndefined();
  expect(sampleGrid(samplesAt([1]), instant).grid).toBeUndefined();
  const { leftOut } = sampleGrid(samplesAt([1, 1, 0.5]), instant);
  expect(leftOut).toEqual({ samplesNotFinite: 0, samplesOutOfOrder: 2, samplesUncertain: 0, samplesRepeated: 0 });
});
