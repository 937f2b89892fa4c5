import { describe, expect, test } from 'vitest';
import { estimateEnergy } from './estimateEnergy.ts';
import { calibratedMeter, knownMeters, meterOf, unknownMeter } from './meters.ts';
import { averaging, benchOf, callsOf } from './simulatedCalls.suite.ts';

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
