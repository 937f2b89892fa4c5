import { expect, test } from 'vitest';
import { RecordedMetrics } from './recordedMetrics.ts';
import type { SdkMetric } from './sdkParts.ts';

const descriptor = { name: 'took', unit: 's', description: '' };
const exponential = (count: number, sum: number): SdkMetric => ({
  descriptor,
  dataPointType: 1,
  aggregationTemporality: 0,
  dataPoints: [{ attributes: {}, value: { count, sum, min: sum / count, max: sum / count } }],
});

test('an exponential histogram has count, sum, min and max, and no buckets', () => {
  const recorded = new RecordedMetrics();
  recorded.add('shop', [exponential(1, 4)]);
  recorded.add('shop', [exponential(2, 2)]);
  expect(recorded.all()[0]?.points).toEqual([{ attributes: {}, value: { count: 3, sum: 6, min: 1, max: 4 } }]);
});

test('series are distinguished by their attributes, in any order, and by their scope', () => {
  const recorded = new RecordedMetrics();
  const count = (attributes: Record<string, string>): SdkMetric => ({
    descriptor: { ...descriptor, name: 'orders' },
    dataPointType: 3,
    isMonotonic: true,
    aggregationTemporality: 0,
    dataPoints: [{ attributes, value: 1 }],
  });
  recorded.add('shop', [count({ a: '1', b: '2' }), count({ b: '2', a: '1' }), count({ a: '2', b: '1' })]);
  recorded.add('other shop', [count({ a: '1', b: '2' })]);
  expect(recorded.all().map(({ scope, points }) => [scope, points.map(({ value }) => value)])).toEqual([
    ['shop', [2, 1]],
    ['other shop', [1]],
  ]);
});
