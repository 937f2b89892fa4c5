import { readFileSync } from 'node:fs';
import { OptionError } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { parseCalibration } from './parseCalibration.ts';

const whole = {
  aperture: { kind: 'mean', seconds: 0.1 },
  refreshSeconds: 0.1,
  gain: { kind: 'stderr', value: 0.005 },
  offsetWatts: { kind: 'bound', value: 0.5 },
  quantumWatts: 0.01,
  source: 'rig 7, 2026-05-01, load bank LB-3',
};

describe('a calibration', () => {
  it.each([
    whole,
    { source: 'x' },
    { source: 'x', aperture: { kind: 'instant' } },
    { source: 'x', aperture: { kind: 'mean', seconds: 'since the sample before' } },
    { source: 'x', aperture: 'not stated', quantumWatts: 0 },
  ])('may be %j', (given) => {
    expect(parseCalibration(given, 'rig.json')).toEqual(given);
  });

  it.each<[object | unknown[] | string | null, RegExp]>([
    [
      null,
      /^rig\.json is null\. It must be an object with aperture, refreshSeconds, gain, offsetWatts, quantumWatts, source/,
    ],
    [[], /^rig\.json is a list/],
    ['text', /^rig\.json is "text"/],
    [{}, /^rig\.json: source is undefined\. It must be a text of 1 to 1000 characters/],
    [{ ...whole, source: ' ' }, /source is " "/],
    [{ ...whole, source: 'x'.repeat(1001) }, /source is "x/],
    [{ ...whole, Gain: 1 }, /Gain is 1\. It must be left out: the keys are aperture/],
    [{ ...whole, gain: 0.005 }, /gain is 0\.005\. It must be an object with kind, value/],
    [{ ...whole, gain: { kind: 'stderr', value: 0.1, unit: '%' } }, /gain\.unit is "%"\. It must be left out/],
    [{ ...whole, gain: { kind: 'sigma', value: 0.1 } }, /gain\.kind is "sigma"\. It must be "stderr" or "bound"/],
    [{ ...whole, gain: { kind: 'stderr', value: -0.1 } }, /gain\.value is -0\.1\. It must be a number from 0 to 1\./],
    [{ ...whole, gain: { kind: 'stderr', value: 5 } }, /gain\.value is 5/],
    [{ ...whole, gain: { kind: 'stderr' } }, /gain\.value is undefined/],
    [{ ...whole, offsetWatts: { kind: 'bound', value: '0.5' } }, /offsetWatts\.value is "0\.5"/],
    [{ ...whole, offsetWatts: null }, /offsetWatts is null/],
    [{ ...whole, quantumWatts: -1 }, /quantumWatts is -1/],
    [{ ...whole, refreshSeconds: 0 }, /refreshSeconds is 0\. It must be a number above 0, up to 3600/],
    [{ ...whole, refreshSeconds: 1e9 }, /refreshSeconds is 1000000000/],
    [
      { ...whole, aperture: 'instant' },
      /aperture is "instant"\. It must be an object with kind, seconds, or "not stated"/,
    ],
    [
      { ...whole, aperture: { kind: 'mean' } },
      /aperture\.seconds is undefined\. It must be a number of seconds above 0, or/,
    ],
    [{ ...whole, aperture: { kind: 'mean', seconds: 0 } }, /aperture\.seconds is 0/],
    [{ ...whole, aperture: { kind: 'instant', seconds: 1 } }, /aperture\.seconds is 1\. It must be left out/],
    [{ ...whole, aperture: { kind: 'sum', seconds: 1 } }, /aperture\.kind is "sum"\. It must be "instant" or "mean"/],
  ])('is refused where it is %j, with the key and what is allowed', (given, message) => {
    expect(() => parseCalibration(given, 'rig.json')).toThrow(message);
    expect(() => parseCalibration(given, 'rig.json')).toThrow(OptionError);
  });

  it('has the keys of the published schema', () => {
    const schema = JSON.parse(readFileSync(new URL('../../schema/calibration.schema.json', import.meta.url), 'utf8'));
    expect(Object.keys(schema.properties)).toEqual(Object.keys(whole));
    expect(schema.required).toEqual(['source']);
  });
});
