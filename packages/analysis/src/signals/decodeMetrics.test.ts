import type { ClockAnchor } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { decodeMetrics } from './decodeMetrics.ts';
import { Origins } from './origin.ts';
import { TextPool } from './textPool.ts';

const anchor: ClockAnchor = { timeNs: 5e9, epochNs: 1_700_000_000_000_000_000n, uncertaintyNs: 100 };
const texts = new TextPool();
const parts = { anchor, texts, origins: new Origins(texts) };
const times = { startTimeUnixNano: '1700000000000000000', timeUnixNano: '1700000001000000000' };
const attributes = [{ key: 'operation', value: { stringValue: 'checkout' } }];

const request = (...metrics: unknown[]) => ({
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeMetrics: [{ scope: { name: 'meter' }, metrics }],
    },
  ],
});
const metric = (data: object) => ({ name: 'orders', unit: '{order}', ...data });

it('keeps name, unit, attributes, times, resource and scope of a point', () => {
  const { points } = decodeMetrics(
    request(metric({ gauge: { dataPoints: [{ ...times, attributes, asInt: '3' }] } })),
    parts,
  );

  expect(points).toEqual([
    {
      kind: 'gauge',
      value: 3,
      name: 'orders',
      unit: '{order}',
      attributes: { operation: 'checkout' },
      timeNs: 6e9,
      startNs: 5e9,
      resource: { 'service.name': 'shop' },
      scope: { name: 'meter' },
    },
  ]);
});

it.each([
  ['a gauge of 0', { gauge: { dataPoints: [{ ...times, asDouble: 0 }] } }, { kind: 'gauge', value: 0 }],
  [
    'a sum',
    { sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints: [{ ...times, asInt: -4 }] } },
    { kind: 'sum', value: -4, isMonotonic: true, temporality: 'cumulative' },
  ],
  [
    'a histogram',
    {
      histogram: {
        aggregationTemporality: 1,
        dataPoints: [
          { ...times, count: '3', sum: 6.5, min: 1, max: 4, explicitBounds: [1, 2], bucketCounts: ['1', '0', '2'] },
        ],
      },
    },
    { kind: 'histogram', count: 3, sum: 6.5, min: 1, max: 4, bounds: [1, 2], counts: [1, 0, 2], temporality: 'delta' },
  ],
  [
    'an empty histogram',
    { histogram: { dataPoints: [{ ...times }] } },
    { kind: 'histogram', count: 0, bounds: [], counts: [], temporality: 'unspecified' },
  ],
  [
    'an exponential histogram',
    {
      exponentialHistogram: {
        dataPoints: [{ ...times, count: 5, scale: 3, zeroCount: '1', positive: { offset: -2, bucketCounts: ['4'] } }],
      },
    },
    {
      kind: 'exponentialHistogram',
      scale: 3,
      zeroCount: 1,
      positive: { offset: -2, counts: [4] },
      negative: { offset: 0, counts: [] },
    },
  ],
  [
    'a summary',
    { summary: { dataPoints: [{ ...times, count: 2, sum: 3, quantileValues: [{ quantile: 0.5, value: 1 }] }] } },
    { kind: 'summary', count: 2, sum: 3, quantiles: [{ quantile: 0.5, value: 1 }] },
  ],
])('keeps %s', (_, data, expected) => {
  const { points, invalid } = decodeMetrics(request(metric(data)), parts);

  expect(points).toMatchObject([expected]);
  expect(invalid).toBe(0);
});

it('has no sum where the sender states none', () => {
  const [point] = decodeMetrics(request(metric({ histogram: { dataPoints: [{ ...times, count: 1 }] } })), parts).points;

  expect(point).not.toHaveProperty('sum');
});

it.each([
  ['no time', { gauge: { dataPoints: [{ asInt: 1 }] } }],
  ['no value', { gauge: { dataPoints: [{ ...times }] } }],
  ['a value that is not a number', { gauge: { dataPoints: [{ ...times, asInt: 'three' }] } }],
  ['the flag for no recorded value', { gauge: { dataPoints: [{ ...times, asInt: 1, flags: 1 }] } }],
  [
    'buckets that do not fit its bounds',
    { histogram: { dataPoints: [{ ...times, count: 1, explicitBounds: [1], bucketCounts: [1] }] } },
  ],
  ['a negative count', { histogram: { dataPoints: [{ ...times, count: -1 }] } }],
])('counts a point with %s as invalid and keeps the others', (_, data) => {
  const good = metric({ gauge: { dataPoints: [{ ...times, asInt: 1 }] } });

  const { points, metrics, invalid } = decodeMetrics(request(metric(data), good), parts);

  expect([points.length, metrics, invalid]).toEqual([1, 2, 1]);
});

it.each([
  null,
  5,
  [],
  { resourceMetrics: {} },
  request('metric'),
  request(metric({ gauge: [] })),
  request(metric({ gauge: { dataPoints: 3 } })),
])('refuses what does not have the shape of a request: %j', (malformed) => {
  expect(() => decodeMetrics(malformed, parts)).toThrow(TypeError);
});

it('counts the exemplars of a point', () => {
  const exemplars = [{ asDouble: 1 }, { asDouble: 2 }];
  const points = [
    { ...times, asInt: '3', exemplars },
    { ...times, asInt: '3', exemplars: [] },
  ];
  const decoded = decodeMetrics(request(metric({ gauge: { dataPoints: points } })), parts).points;
  expect(decoded.map((point) => point.exemplars)).toEqual([2, undefined]);
});
