import { expect, test } from 'vitest';
import type { Sample, Source } from '../contracts/sample.ts';
import { metric } from '../index.ts';
import { SampleHistory } from './history.ts';
import { SampleMetrics } from './sampleMetrics.ts';
import { SamplePeriod } from './samplePeriod.ts';

const ms = 1e6;
const S = 1e9;

test('before the second sample a silence of more than two seconds is a gap', () => {
  const period = new SamplePeriod();
  expect(period.periodNs).toBeUndefined();
  expect(period.gapLimitNs).toBe(2 * S);
});

test('one late sample does not move the period, and a new rate is learned in three intervals', () => {
  const period = new SamplePeriod();
  for (let k = 0; k < 5; k++) period.observe(50 * ms);
  period.observe(400 * ms);
  expect(period.periodNs).toBe(50 * ms);
  for (let k = 0; k < 3; k++) period.observe(200 * ms);
  expect(period.periodNs).toBe(200 * ms);
});

test('a silence is judged by the period that was known before it', () => {
  const period = new SamplePeriod();
  for (let k = 0; k < 5; k++) period.observe(50 * ms);
  expect(period.observe(500 * ms)).toBe(false);
  expect(period.observe(501 * ms)).toBe(true);
});

test('counters of energy and the energy of spans call the same silences gaps', () => {
  const source: Source = { id: 'U1', name: 'board', simulated: true, boundary: 'dc_rails', attributes: {} };
  const history = new SampleHistory();
  const metrics = new SampleMetrics();
  // Rates from 100 Hz to 0.3 Hz, with silences of every length between them.
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let timeNs = 0;
  for (let k = 0; k < 2000; k++) {
    const periodNs = [10, 50, 100, 1000, 3000][Math.floor(k / 400)] ?? 10;
    timeNs += ms * periodNs * (random() < 0.05 ? 1 + 10 * random() : 1);
    const sample: Sample = { source, timeNs, uncertaintyNs: 0, readings: [], totals: { system: k } };
    history.sample(sample);
    metrics.sample(sample);
  }
  const window = history.window('U1', 0, timeNs);
  const gapNs = [...(window?.gapBefore ?? [])].reduce(
    (sum, gap, k) => (gap === 1 ? sum + (window?.timesNs[k] ?? 0) - (window?.timesNs[k - 1] ?? 0) : sum),
    0,
  );
  const counted = metrics.collect(timeNs).find(({ definition }) => definition === metric.benchlabSampleGap);
  expect(gapNs).toBeGreaterThan(0);
  expect(counted?.points[0]?.value).toBeCloseTo(gapNs / S, 9);
});
