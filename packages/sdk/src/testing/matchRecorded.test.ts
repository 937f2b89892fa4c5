import { metric } from '@benchlab-otel/core';
import { describe, expect, test } from 'vitest';
import { type ExpectedPoint, matchRecorded } from './matchRecorded.ts';
import type { RecordedMetric } from './recordedMetrics.ts';

const about = { unit: '1', description: '', scope: 'shop' };
const buckets = { boundaries: [1], counts: [2, 0] };
const metrics: RecordedMetric[] = [
  {
    ...about,
    name: 'shop.orders',
    instrument: 'counter',
    points: [
      { attributes: { tier: 'gold' }, value: 2 },
      { attributes: { tier: 'blue' }, value: 5 },
    ],
  },
  {
    ...about,
    name: 'shop.order.duration',
    unit: 's',
    instrument: 'histogram',
    points: [{ attributes: {}, value: { count: 2, sum: 0.75, min: 0.25, max: 0.5, buckets } }],
  },
  { ...about, name: metric.benchlabCalls.name, instrument: 'counter', points: [{ attributes: {}, value: 1 }] },
];

describe('a point is found', () => {
  test.each<[string, string, ExpectedPoint | undefined]>([
    ['by the name of its metric', 'shop.orders', undefined],
    ['by its value', 'shop.orders', { value: 5 }],
    ['by value and attributes together', 'shop.orders', { value: 2, attributes: { tier: 'gold' } }],
    ['by a matcher of the framework', 'shop.orders', { value: expect.closeTo(5.001, 2) }],
    ['by its unit', 'shop.order.duration', { unit: 's' }],
    ['by count and sum of a histogram', 'shop.order.duration', { value: { count: 2, sum: expect.closeTo(0.75, 9) } }],
    ['by the buckets of a histogram', 'shop.order.duration', { value: { buckets } }],
  ])('%s', (_name, metric, expected) => {
    expect(matchRecorded(metrics, metric, expected).pass).toBe(true);
  });

  test('by a definition of the registry', () => {
    expect(matchRecorded(metrics, metric.benchlabCalls, { value: 1 }).pass).toBe(true);
  });
});

describe('the message', () => {
  const message = (metric: string, expected?: ExpectedPoint, among: readonly RecordedMetric[] = metrics) => {
    const match = matchRecorded(among, metric, expected);
    expect(match.pass).toBe(false);
    return match.message();
  };

  test('names each difference of the nearest points, without the buckets', () => {
    expect(message('shop.orders', { value: 2, attributes: { tier: 'blue' } })).toBe(
      [
        "Expected a point of shop.orders { value: 2, attributes: { tier: 'blue' } }. The 2 that were recorded differ; the nearest:",
        "  { tier: 'gold' }: tier is 'gold', not 'blue'",
        "  { tier: 'blue' }: its value is 5, not 2",
      ].join('\n'),
    );
    expect(message('shop.order.duration', { value: { count: 3 }, unit: 'ms' })).toContain(
      "its value is { count: 2, sum: 0.75, min: 0.25, max: 0.5 }, not { count: 3 }; its unit is 's', not 'ms'",
    );
  });

  test('of an unknown metric begins with the name that was mistyped', () => {
    expect(message('shop.order')).toContain('has recorded nothing. Recorded are: shop.orders, ');
  });

  test('states when nothing was recorded', () => {
    expect(message('shop.orders', {}, [])).toContain('Was the SDK registered before the call?');
  });

  test('of a point that .not finds lists it', () => {
    expect(matchRecorded(metrics, 'shop.orders').message()).toContain("there are 2:\n  { tier: 'gold' }: 2\n");
  });
});
