import { attribute, metric } from '@benchlab-otel/core';
import { type Attributes, createNoopMeter, metrics } from '@opentelemetry/api';
import { afterEach, expect, it } from 'vitest';
import { energy, simulatedBoard } from '../../../analysis/src/operations/example.suite.ts';
import { operationEnergyRecorder } from './operationEnergyMetric.ts';

afterEach(() => metrics.disable());

it('records resolved calls by role, the simulated ones marked and no others', () => {
  const points: unknown[][] = [];
  const meter = createNoopMeter();
  meter.createHistogram = (name) => ({
    record: (value, attributes: Attributes = {}) => {
      const { [attribute.operation]: operation, [attribute.powerRole]: role } = attributes;
      points.push([name, operation, role, value, attributes[attribute.simulated]]);
    },
  });
  metrics.setGlobalMeterProvider({ getMeter: () => meter });

  const record = operationEnergyRecorder();
  record('real', energy(20, 0.1));
  record('emulated', energy(10, 0.1, { source: simulatedBoard, nature: 'simulated' }));
  record('short', energy(0.1, 0.1, { resolved: false }));

  const { name } = metric.benchlabOperationEnergy;
  expect(points).toEqual([
    [name, 'real', 'system', 20, undefined],
    [name, 'real', 'cpu', 10, undefined],
    [name, 'emulated', 'system', 10, true],
    [name, 'emulated', 'cpu', 5, true],
  ]);
});
