import { metric } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { lines } from '../panels/lines.ts';
import { grafanaUnit, unitNamed } from './grafanaUnit.ts';
import { panelThresholds, type Steps, thresholdsOf } from './thresholds.ts';

test('above the limit of an alert is red, and below it green', () => {
  expect(thresholdsOf('PipelineLatencyHigh')).toEqual({
    unit: 's',
    steps: [
      { value: null, color: 'green' },
      { value: 0.12, color: 'red' },
    ],
  });
});

test('of two alerts on what falls, below the severe one is red, below the mild one orange, and above both green', () => {
  expect(thresholdsOf('LowDiemBalance', 'CriticalDiemBalance').steps).toEqual([
    { value: null, color: 'red' },
    { value: 5, color: 'orange' },
    { value: 10, color: 'green' },
  ]);
});

// Panels that name a number of an alert in their source, because the alert compares it in another way.
test('steps that stand for the number of an alert have it', () => {
  const valuesOf = ({ steps }: Steps) => steps.map(({ value }) => value);
  const [, regression] = valuesOf(thresholdsOf('BitNetCrossValidationPerformanceRegression'));
  const [, low] = valuesOf(thresholdsOf('LowDiemBalance'));

  expect(valuesOf(panelThresholds('ThroughputAsMultiple'))).toContain(regression);
  expect(valuesOf(panelThresholds('VeniceBalance'))).toContain(low);
});

test('an alert without a number is named', () => {
  expect(() => thresholdsOf('NoSuchAlert')).toThrow('has no number for the alert "NoSuchAlert"');
  expect(() => panelThresholds('Nothing')).toThrow('has no panel "Nothing"');
});

test('alerts that compare other units or the other way are not mixed', () => {
  expect(() => thresholdsOf('PipelineLatencyHigh', 'CompileFailures')).toThrow('one unit in one direction');
  expect(() => thresholdsOf('HighErrorRate', 'BitNetCrossValidationPerformanceRegression')).toThrow('one direction');
});

test('steps of another unit than that of the panel are refused', () => {
  const panel = lines({
    id: 1,
    title: 'Power',
    description: 'Power.',
    unit: grafanaUnit(metric.hwHostPower),
    queries: [],
    noValue: 'None',
    width: 1,
    height: 1,
    thresholds: thresholdsOf('PipelineLatencyHigh'),
  });

  expect(() => panel.build()).toThrow('"Power" shows watt and has thresholds in s');
});

test('a unit that Grafana has no name for here is named', () => {
  expect(() => unitNamed('furlong')).toThrow('no Grafana unit is known for the value of "furlong"');
  expect(() => unitNamed('Cel', 'rate')).toThrow('the rate of "Cel"');
});
