import { type Attributes, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { pageOf, setUp } from './pageText.suite.ts';

describe('histograms', () => {
  it('have cumulative buckets up to infinity, a sum and a count', async () => {
    const { meter, text } = setUp();
    const histogram = meter().createHistogram('d', { unit: 's', advice: { explicitBucketBoundaries: [0.5, 1, 10] } });
    for (const value of [0.1, 0.5, 5, 50]) histogram.record(value, { op: 'x' });
    expect(await text()).toContain(
      [
        '# TYPE d_seconds histogram',
        'd_seconds_bucket{op="x",le="0.5"} 2',
        'd_seconds_bucket{op="x",le="1"} 2',
        'd_seconds_bucket{op="x",le="10"} 3',
        'd_seconds_bucket{op="x",le="+Inf"} 4',
        'd_seconds_sum{op="x"} 55.6',
        'd_seconds_count{op="x"} 4',
        '',
      ].join('\n'),
    );
  });

  it('with exponential buckets are written with explicit bounds, which never get finer again', async () => {
    const { meter, read } = setUp();
    const histogram = meter().createHistogram('exp.size');
    for (const value of [0, 1, 2, 4, 1e6]) histogram.record(value);
    const bounds = (page: { values: Readonly<Record<string, number>> }) =>
      Object.keys(page.values).filter((series) => series.startsWith('exp_size_bucket'));
    const first = await read();
    expect(first.types).toMatchObject({ exp_size: 'histogram' });
    expect(first.values).toMatchObject({
      'exp_size_bucket{le=0}': 1,
      'exp_size_bucket{le=1}': 2,
      'exp_size_bucket{le=2}': 3,
      'exp_size_bucket{le=4}': 4,
      'exp_size_bucket{le=1048576}': 5,
      'exp_size_bucket{le=+Inf}': 5,
      'exp_size_count{}': 5,
      'exp_size_sum{}': 1000007,
    });
    expect(bounds(first).length).toBeLessThanOrEqual(41);
    meter().createHistogram('exp.size').record(3, { other: 'series' });
    const second = await read();
    expect(bounds(second)).toEqual(expect.arrayContaining(bounds(first)));
    expect(second.values).toMatchObject({ 'exp_size_bucket{other=series,le=4}': 1 });
  });
});

describe('histograms of one name', () => {
  const shared = {
    descriptor: { name: 'took', description: '', unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const times: { attributes: Attributes; startTime: [number, number]; endTime: [number, number] } = {
    attributes: {},
    startTime: [0, 0],
    endTime: [1, 0],
  };
  /** One value up to 2 and ten values beyond 8. */
  const explicit: MetricData = {
    ...shared,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: [{ ...times, value: { count: 11, sum: 101, buckets: { boundaries: [2, 8], counts: [1, 0, 10] } } }],
  };
  /** Five values in (1, 2] and seven in (2, 4]. */
  const exponential: MetricData = {
    ...shared,
    dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
    dataPoints: [
      {
        ...times,
        value: {
          count: 12,
          sum: 30,
          scale: 0,
          zeroCount: 0,
          positive: { offset: 0, bucketCounts: [5, 7] },
          negative: { offset: 0, bucketCounts: [] },
        },
      },
    ],
  };

  it.each([
    ['first', [exponential, explicit]],
    ['second', [explicit, exponential]],
    ['between two', [exponential, explicit, exponential]],
  ])('are added over the common bounds alone where the exponential one is %s', (_, metrics) => {
    const { values } = pageOf(...metrics);
    const more = metrics.length - 2;
    expect(Object.entries(values).filter(([series]) => series.startsWith('took'))).toEqual([
      ['took_bucket{le=2}', 6 + 5 * more],
      ['took_bucket{le=+Inf}', 23 + 12 * more],
      ['took_sum{}', 131 + 30 * more],
      ['took_count{}', 23 + 12 * more],
    ]);
  });
});
