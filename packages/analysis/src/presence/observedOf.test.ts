import { systemClock } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { SignalStore } from '../signals/signalStore.ts';
import { observedOf } from './observedOf.ts';

function observedWith(...requests: readonly object[]) {
  const store = new SignalStore({ clock: systemClock });
  for (const metric of requests) {
    store.accept('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] });
  }
  return observedOf(store).series;
}

const timeUnixNano = '1700000000000000000';
const attributes = [{ key: 'http.method', value: { stringValue: 'GET' } }];

function sum(asInt: number, more: object = {}) {
  return {
    name: 'orders',
    unit: '{order}',
    sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints: [{ timeUnixNano, asInt, attributes, ...more }] },
  };
}

it('names a counter and its labels as a page does, with its total and its growth', () => {
  expect(observedWith(sum(2), sum(5))).toEqual([
    {
      name: 'orders_total',
      type: 'counter',
      unit: '{order}',
      points: [{ labels: { http_method: 'GET' }, value: 5, first: 2, delta: 5, exemplars: 0 }],
    },
  ]);
});

it('counts the growth of a counter on over a reset', () => {
  expect(observedWith(sum(5), sum(1), sum(2))[0]?.points[0]).toMatchObject({ value: 2, first: 5, delta: 7 });
});

it('adds up what comes as differences', () => {
  const delta = {
    name: 'n',
    sum: { isMonotonic: true, aggregationTemporality: 1, dataPoints: [{ timeUnixNano, asInt: 2 }] },
  };

  expect(observedWith(delta, delta)[0]?.points[0]).toMatchObject({ value: 4, delta: 4 });
});

it('gives a gauge no growth, and a histogram its count and sum', () => {
  const gauge = { name: 'depth', gauge: { dataPoints: [{ timeUnixNano, asDouble: 0.5 }] } };
  const dataPoints = [{ timeUnixNano, count: 3, sum: 1.5, explicitBounds: [], bucketCounts: [3] }];
  const histogram = { name: 'wait', unit: 's', histogram: { aggregationTemporality: 2, dataPoints } };

  expect(observedWith(gauge, histogram)).toEqual([
    { name: 'depth', type: 'gauge', points: [{ labels: {}, value: 0.5, exemplars: 0 }] },
    {
      name: 'wait_seconds',
      type: 'histogram',
      unit: 's',
      points: [{ labels: {}, value: 3, delta: 3, sum: 1.5, exemplars: 0 }],
    },
  ]);
});
