import { attribute, metric } from '@benchlab-otel/core';
import { type Attributes, createNoopMeter, metrics } from '@opentelemetry/api';
import { afterEach, expect, it } from 'vitest';
import { energy, simulatedBoard } from '../../../analysis/src/operations/example.suite.ts';
import { operationEnergyRecorder } from './operationEnergyMetric.ts';

afterEach(() => metrics.disable());

/** A global meter that keeps what its histograms record: name, operation, role, joules, mark. */
function recordedPoints(): unknown[][] {
  const points: unknown[][] = [];
  const meter = createNoopMeter();
  meter.createHistogram = (name) => ({
    record: (value, attributes: Attributes = {}) => {
      const { [attribute.operation]: operation, [attribute.powerRole]: role } = attributes;
      points.push([name, operation, role, value, attributes[attribute.simulated]]);
    },
  });
  metrics.setGlobalMeterProvider({ getMeter: () => meter });
  return points;
}

const { name } = metric.benchlabOperationEnergy;

it('records resolved calls by role, the simulated ones marked and no others', () => {
  const points = recordedPoints();

  const recorder = operationEnergyRecorder();
  recorder.record('real', energy(20, 0.1));
  recorder.record('emulated', energy(10, 0.1, { source: simulatedBoard, nature: 'simulated' }));
  recorder.record('short', energy(0.1, 0.1, { resolved: false }));

  expect(points).toEqual([
    [name, 'real', 'system', 20, undefined],
    [name, 'real', 'cpu', 10, undefined],
    [name, 'emulated', 'system', 10, true],
    [name, 'emulated', 'cpu', 5, true],
  ]);
});

it('records nothing more once the program exports the histogram itself', () => {
  const points = recordedPoints();

  const recorder = operationEnergyRecorder();
  recorder.exported([{ name: 'http.server.request.duration' }]);
  recorder.record('before', energy(20, 0.1));
  recorder.exported([{ name: 'http.server.request.duration' }, { name }]);
  recorder.record('after', energy(20, 0.1));
  recorder.exported([]);
  recorder.record('later', energy(20, 0.1));

  expect(new Set(points.map(([, operation]) => operation))).toEqual(new Set(['before']));
});
