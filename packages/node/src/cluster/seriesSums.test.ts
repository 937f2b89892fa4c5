import { ValueType } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { answerOf, readAnswer, readRequest, requestOf } from './clusterMessages.ts';
import { type ProcessPoints, SeriesSums } from './seriesSums.ts';

const scope = { name: 'app' };
const times = { startTime: [1, 0], endTime: [2, 0] } as const;

function metric(name: string, dataPointType: DataPointType, values: readonly [object, unknown][], isMonotonic = true) {
  return {
    descriptor: { name, description: '', unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType,
    isMonotonic,
    dataPoints: values.map(([attributes, value]) => ({ attributes, value, ...times })),
  } as unknown as MetricData;
}

const process = (pid: number, ...metrics: MetricData[]): ProcessPoints => ({ pid, scopeMetrics: [{ scope, metrics }] });
const counter = (value: number, attributes = {}) => metric('jobs', DataPointType.SUM, [[attributes, value]]);
const exponential = (scale: number, bucketCounts: number[]) =>
  metric('took', DataPointType.EXPONENTIAL_HISTOGRAM, [
    [
      {},
      {
        count: bucketCounts.reduce((sum, each) => sum + each, 0),
        sum: 1,
        scale,
        zeroCount: 0,
        positive: { offset: 0, bucketCounts },
        negative: { offset: 0, bucketCounts: [] },
      },
    ],
  ]);
const values = (sums: SeriesSums, ...given: ProcessPoints[]) =>
  sums
    .sum(given)
    .flatMap(({ metrics }) =>
      metrics.flatMap((each) => each.dataPoints.map((point) => [JSON.stringify(point.attributes), point.value])),
    );

describe('sums', () => {
  it('add series by their attributes, in any order of the keys', () => {
    const sums = new SeriesSums(() => {});
    const seen = values(sums, process(1, counter(1, { a: 1, b: 2 })), process(2, counter(2, { b: 2, a: 1 })));
    expect(seen).toEqual([['{"a":1,"b":2}', 3]]);
  });

  it('keep the gauges of each process apart by pid, and one that an application has set', () => {
    const gauge = (attributes: object) => metric('load', DataPointType.GAUGE, [[attributes, 1]]);
    const seen = values(new SeriesSums(() => {}), process(1, gauge({})), process(2, gauge({}), gauge({ pid: 'own' })));
    expect(seen.map(([attributes]) => attributes)).toEqual(['{"pid":1}', '{"pid":2}', '{"pid":"own"}']);
  });

  it('add exponential histograms as ones with bounds, also of different scales', () => {
    const [[, same] = []] = values(
      new SeriesSums(() => {}),
      process(1, exponential(0, [1, 2])),
      process(2, exponential(0, [4])),
    );
    expect(same).toMatchObject({ count: 7, buckets: { boundaries: [2, 4], counts: [5, 2] } });
    const [[, other] = []] = values(
      new SeriesSums(() => {}),
      process(1, exponential(1, [1, 2])),
      process(2, exponential(0, [4])),
    );
    expect(other).toMatchObject({ count: 7, buckets: { boundaries: [2], counts: [7] } });
  });

  it('of histograms with other bounds have the common ones, and are reported; without a sum, theirs has none', () => {
    const histogram = (boundaries: number[], sum?: number) =>
      metric('took', DataPointType.HISTOGRAM, [
        [
          {},
          {
            count: boundaries.length + 1,
            ...(sum !== undefined && { sum }),
            buckets: { boundaries, counts: Array(boundaries.length + 1).fill(1) },
          },
        ],
      ]);
    const reported: string[] = [];
    let counted = 0;
    const sumOf = (...bounds: [number[], number?][]) => {
      const sums = new SeriesSums((line) => reported.push(line));
      const seen = values(sums, ...bounds.map(([each, sum], pid) => process(pid, histogram(each, sum))));
      counted += sums.coarser;
      return seen[0]?.[1];
    };
    expect(sumOf([[1, 10], 5], [[1, 10], 5])).toMatchObject({ sum: 10, buckets: { boundaries: [1, 10] } });
    expect(reported).toEqual([]);
    expect(sumOf([[1, 10], 5], [[1, 7], 5])).toMatchObject({ count: 6, sum: 10, buckets: { boundaries: [1] } });
    expect(reported).toEqual([expect.stringContaining('took with different bounds')]);
    expect(sumOf([[1], 5], [[2], 5])).toMatchObject({ count: 4, sum: 10, buckets: { boundaries: [] } });
    expect(sumOf([[1], 5], [[2]])).not.toHaveProperty('sum');
    expect(sumOf([[1], 5], [[1]])).not.toHaveProperty('sum');
    expect([reported.length, counted]).toEqual([3, 3]);
  });

  it('of exponential histograms of more scales never count a value below a bound that it may be above', () => {
    const seen = values(
      new SeriesSums(() => {}),
      process(1, exponential(1, [1, 2])),
      process(2, exponential(0, [4])),
      process(3, exponential(1, [1, 2])),
    );
    expect(seen[0]?.[1]).toMatchObject({ count: 10, buckets: { boundaries: [2], counts: [10] } });
  });

  it('keep counters of processes that have ended, not their gauges, and return the same attributes each time', () => {
    const sums = new SeriesSums(() => {});
    sums.keep(process(1, counter(5), metric('load', DataPointType.GAUGE, [[{}, 1]])));
    sums.keep(process(2, counter(7), metric('busy', DataPointType.SUM, [[{}, 1]], false)));
    expect(values(sums, process(3, counter(1)))).toEqual([['{}', 13]]);
    const attributes = () => sums.sum([])[0]?.metrics[0]?.dataPoints[0]?.attributes;
    expect(attributes()).toBe(attributes());
  });

  it('keep a bounded number of series, and count the rest', () => {
    const sums = new SeriesSums(() => {});
    const many = Array.from({ length: 10_005 }, (_, id): [object, unknown] => [{ id }, 1]);
    sums.keep(process(1, metric('jobs', DataPointType.SUM, many)));
    expect([values(sums).length, sums.dropped]).toEqual([10_000, 5]);
  });

  it('lose no series that a running process has too, so that no sum falls', () => {
    const sums = new SeriesSums(() => {});
    const series = (count: number, from = 0) =>
      metric(
        'jobs',
        DataPointType.SUM,
        Array.from({ length: count }, (_, id): [object, unknown] => [{ id: from + id }, 1]),
      );
    sums.keep(process(1, series(10_000)));
    const running = process(3, series(2), series(1, 10_000));
    sums.keep(process(2, series(2, 10_000)), [running]);
    const seen = new Map(values(sums, running).map(([attributes, value]) => [attributes, value]));
    // The oldest two that process 3 does not have are gone.
    expect([0, 1, 2, 3, 4, 10_000, 10_001].map((id) => seen.get(`{"id":${id}}`))).toEqual([
      2,
      2,
      undefined,
      undefined,
      1,
      2,
      1,
    ]);
    expect(sums.dropped).toBe(2);
  });
});

describe('messages', () => {
  it('carry NaN and infinities, which the channel of a cluster does not', () => {
    const gauge = metric('load', DataPointType.GAUGE, [
      [{}, Number.NaN],
      [{ a: 1 }, Number.POSITIVE_INFINITY],
    ]);
    const scopeMetrics = [{ scope, metrics: [gauge] }];
    const message: unknown = JSON.parse(JSON.stringify(answerOf(scopeMetrics, 3)));
    expect(readAnswer(message)).toEqual({ id: 3, points: scopeMetrics });
    expect(readRequest(JSON.parse(JSON.stringify(requestOf(1, 20))))).toEqual({ id: 1, timeoutMs: 20 });
  });

  it.each([
    undefined,
    null,
    'collect',
    { id: 1 },
    { 'benchlab-otel.metrics': 'points' },
    { 'benchlab-otel.metrics': 'points', text: '{' },
    { 'benchlab-otel.metrics': 'points', text: '[{}]' },
    { 'benchlab-otel.metrics': 'points', text: '[{"scope":{"name":"a"},"metrics":[{}]}]' },
    { 'benchlab-otel.metrics': 'collect', id: 'x' },
    { 'benchlab-otel.metrics': 'collect', id: 1, timeoutMs: -1 },
  ])('of other code, or of a version that cannot be read, are ignored: %j', (message) => {
    expect([readAnswer(message), readRequest(message)]).toEqual([undefined, undefined]);
  });
});
