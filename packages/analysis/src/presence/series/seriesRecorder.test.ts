import { expect, it } from 'vitest';
import type { ReceivedMetricPoint } from '../../signals/decodeMetrics.ts';
import { parsePage } from '../page/parsePage.ts';
import { SeriesRecorder, type SeriesRecorderOptions } from './seriesRecorder.ts';

const second = 1e9;
const shop = { resource: { 'service.name': 'shop' }, scope: { name: 'meter' } };

type Given = Partial<Omit<ReceivedMetricPoint, 'kind' | 'value' | 'count'>> & {
  readonly value?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly temporality?: 'cumulative' | 'delta' | 'unspecified';
  readonly isMonotonic?: boolean;
};

const common = { ...shop, name: 'jobs', unit: '', attributes: {}, timeNs: second, startNs: 0 };
const total = (value: number, given: Given = {}): ReceivedMetricPoint =>
  ({ ...common, kind: 'sum', value, isMonotonic: true, temporality: 'cumulative', ...given }) as ReceivedMetricPoint;
const gauge = (value: number, given: Given = {}): ReceivedMetricPoint =>
  ({ ...common, kind: 'gauge', value, ...given }) as ReceivedMetricPoint;
const histogram = (count: number, given: Given = {}): ReceivedMetricPoint =>
  ({
    ...common,
    kind: 'histogram',
    bounds: [],
    counts: [],
    count,
    sum: count * 2,
    temporality: 'cumulative',
    ...given,
  }) as ReceivedMetricPoint;

/** Each list is one export. Without target_info. */
function observed(exports: readonly (readonly ReceivedMetricPoint[])[], options: SeriesRecorderOptions = {}) {
  const recorder = new SeriesRecorder(options);
  for (const points of exports) recorder.addPoints(points);
  const series = recorder.series.filter(({ name }) => name !== 'target_info');
  return { series, point: series[0]?.points[0], losses: recorder.losses };
}

it.each<[string, ReceivedMetricPoint, string, string, string | undefined]>([
  ['a counter', total(1, { name: 'hw.energy', unit: 'J' }), 'hw_energy_joules_total', 'counter', 'joules'],
  ['an up-down counter', total(1, { isMonotonic: false, unit: '{job}' }), 'jobs', 'gauge', undefined],
  ['a gauge', gauge(1, { name: 'cache.hits', unit: '1' }), 'cache_hits_ratio', 'gauge', 'ratio'],
  ['a histogram', histogram(1, { name: 'wait', unit: 's' }), 'wait_seconds', 'histogram', 'seconds'],
  [
    'an exponential histogram',
    { ...histogram(1), kind: 'exponentialHistogram' } as ReceivedMetricPoint,
    'jobs',
    'histogram',
    undefined,
  ],
  ['a summary', { ...histogram(1), kind: 'summary' } as ReceivedMetricPoint, 'jobs', 'summary', undefined],
])('names a series as a page does: %s', (_, point, name, type, unit) => {
  const { series } = observed([[point]]);
  expect(series).toMatchObject([{ name, type, ...(unit === undefined ? {} : { unit }) }]);
  expect('unit' in (series[0] ?? {})).toBe(unit !== undefined);
});

it('makes labels of attributes as a page does', () => {
  const { point } = observed([[total(1, { attributes: { 'http.method': 'GET', code: 200, empty: '' } })]]);
  expect(point?.labels).toEqual({ http_method: 'GET', code: '200' });
});

it('knows which programs sent metrics, as target_info', () => {
  const recorder = new SeriesRecorder();
  recorder.addPoints([total(1), gauge(1, { name: 'x' }), total(1, { scope: { name: 'other' } })]);
  expect(recorder.series.find(({ name }) => name === 'target_info')).toEqual({
    name: 'target_info',
    type: 'info',
    points: [{ labels: { service_name: 'shop' }, value: 1, exemplars: 0 }],
  });
});

const at = (seconds: number, startSeconds = 0) => ({ timeNs: seconds * second, startNs: startSeconds * second });

it.each<[string, ReceivedMetricPoint[], SeriesRecorderOptions, object]>([
  ['a counter that grew', [total(2, at(1)), total(5, at(2))], {}, { value: 5, first: 2, delta: 3 }],
  ['a counter that was seen once', [total(2, at(1))], {}, { value: 2 }],
  ['a counter of a program that was started', [total(2, at(1))], { sinceNs: 0 }, { value: 2, delta: 2 }],
  [
    'a counter without a start of a program that was started',
    [total(2, { timeNs: second, startNs: undefined } as never)],
    { fromStart: true },
    { value: 2, delta: 2 },
  ],
  [
    'a counter that began before',
    [total(20, at(60, 1)), total(21, at(61, 1))],
    { sinceNs: 50 * second, fromStart: true },
    { value: 21, first: 20, delta: 1 },
  ],
  [
    'a counter that began again',
    [total(5, at(1)), total(1, at(3, 2)), total(4, at(4, 2))],
    {},
    { value: 4, first: 5, delta: 4 },
  ],
  [
    'a counter that began again and has more than before',
    [total(5, at(1)), total(8, at(3, 2))],
    {},
    { value: 8, first: 5, delta: 8 },
  ],
  ['a counter whose clock went back', [total(5, at(100)), total(8, at(40))], {}, { value: 8, first: 5, delta: 3 }],
  [
    'a total that was overtaken',
    [total(2, at(1)), total(8, at(3)), total(5, at(2))],
    {},
    { value: 8, first: 2, delta: 6 },
  ],
  [
    'a total that was sent again',
    [total(2, at(1)), total(5, at(2)), total(5, at(2))],
    {},
    { value: 5, first: 2, delta: 3 },
  ],
  [
    'deltas',
    [2, 3, 0].map((value, k) => total(value, { temporality: 'delta', ...at(k + 1, k) })),
    {},
    { value: 5, first: 2, delta: 5 },
  ],
  [
    'deltas of which one was sent again',
    [total(2, { temporality: 'delta', ...at(1, 0) }), total(2, { temporality: 'delta', ...at(1, 0) })],
    {},
    { value: 2, delta: 2 },
  ],
  [
    'equal deltas one after the other',
    [total(2, { temporality: 'delta', ...at(1, 0) }), total(2, { temporality: 'delta', ...at(2, 1) })],
    {},
    { value: 4, first: 2, delta: 4 },
  ],
  ['a gauge', [gauge(5, at(1)), gauge(2, at(2))], {}, { value: 2, first: 5 }],
  [
    'an up-down counter by deltas',
    [5, -3].map((value, k) => total(value, { temporality: 'delta', isMonotonic: false, ...at(k + 1, k) })),
    {},
    { value: 2, first: 5 },
  ],
  ['a histogram', [histogram(1, at(1)), histogram(4, at(2))], {}, { value: 4, first: 1, delta: 3, sum: 8 }],
  [
    'a histogram by deltas',
    [1, 4].map((count, k) => histogram(count, { temporality: 'delta', ...at(k + 1, k) })),
    {},
    { value: 5, first: 1, delta: 5, sum: 10 },
  ],
])('follows %s', (_, points, options, expected) => {
  const { point } = observed(
    points.map((each) => [each]),
    options,
  );
  expect(point).toEqual({ labels: {}, exemplars: 0, ...expected });
});

it('adds up the counts of several processes, and keeps the newest value of a gauge', () => {
  const other = { resource: { 'service.name': 'shop', 'process.pid': 2 }, scope: { name: 'meter' } };
  const points = [
    total(2, at(2)),
    total(3, { ...other, ...at(1) }),
    gauge(7, { name: 'depth', ...at(2) }),
    gauge(9, { name: 'depth', ...other, ...at(1) }),
    total(7, { name: 'open', isMonotonic: false, ...at(2) }),
    total(9, { name: 'open', isMonotonic: false, ...other, ...at(1) }),
    histogram(2, { name: 'wait', ...at(2) }),
    histogram(4, { name: 'wait', ...other, ...at(2) }),
  ];
  const { series } = observed([points], { sinceNs: 0 });
  expect(Object.fromEntries(series.map(({ name, points }) => [name, points]))).toEqual({
    jobs_total: [{ labels: {}, value: 5, delta: 5, exemplars: 0 }],
    depth: [{ labels: {}, value: 7, exemplars: 0 }],
    open: [{ labels: {}, value: 16, exemplars: 0 }],
    wait: [{ labels: {}, value: 6, delta: 6, sum: 12, exemplars: 0 }],
  });
});

it('adds up attribute sets that have the same labels', () => {
  const { series } = observed([
    [total(1, { attributes: { 'a.b': 'x' } }), total(2, { attributes: { a_b: 'x' } }), total(4, { name: 'jobs.' })],
  ]);
  expect(series[0]?.points.map(({ labels, value }) => [labels, value])).toEqual([
    [{ a_b: 'x' }, 3],
    [{}, 4],
  ]);
});

it('counts exemplars: the most that came at a time', () => {
  const { point } = observed([[histogram(1, { exemplars: 2 })], [histogram(2, { exemplars: 1, timeNs: 2 * second })]]);
  expect(point?.exemplars).toBe(2);
});

it('leaves out a metric whose family has another type, and names it', () => {
  const { series, losses } = observed([[gauge(1, { name: 'jobs.total' }), total(3, { name: 'jobs' })]]);
  expect(series.map(({ name, type }) => [name, type])).toEqual([['jobs_total', 'gauge']]);
  expect(losses).toEqual(['jobs_total is a gauge and also a counter: the second is left out']);
});

it.each([
  ['a counter below 0', total(-1)],
  ['a counter that is not a number', total(Number.NaN)],
  ['a total without a temporality', total(1, { temporality: 'unspecified' })],
  ['an up-down counter without a temporality', total(1, { temporality: 'unspecified', isMonotonic: false })],
])('leaves out %s, and counts it', (_, point) => {
  const { series, losses } = observed([[point]]);
  expect(series).toEqual([]);
  expect(losses).toEqual(['1 data point had no temporality, or a count below 0 or not a number']);
});

it('leaves out a metric without a character that Prometheus allows', () => {
  const { series, losses } = observed([[gauge(1, { name: 'é' })]]);
  expect([series, losses]).toEqual([[], ['a metric has no character in its name that Prometheus allows']]);
});

it('keeps streams up to its bound, and counts the points beyond', () => {
  const points = Array.from({ length: 5 }, (_, k) => total(k, { attributes: { k } }));
  const { series, losses } = observed([points, points], { streams: 3 });
  expect(series[0]?.points).toHaveLength(3);
  expect(losses).toEqual(['4 data points of series beyond the bounds were dropped']);
});

it('keeps labels and processes up to a bound of bytes', () => {
  const text = 'x'.repeat(10_000);
  const points = Array.from({ length: 5 }, (_, k) => total(1, { attributes: { k, text } }));
  expect(observed([points], { bytes: 100_000 }).series[0]?.points).toHaveLength(3);
  const large = total(1, { resource: { text }, scope: { name: '' } });
  expect(observed([[large]], { bytes: 10_000 }).losses).toEqual([
    '1 data point of series beyond the bounds was dropped',
  ]);
});

it('keeps the processes up to a bound', () => {
  const points = Array.from({ length: 1_001 }, (_, k) => total(1, { resource: { k }, scope: { name: '' } }));
  const { point, losses } = observed([points]);
  expect(point?.value).toBe(1_000);
  expect(losses).toEqual(['1 data point of series beyond the bounds was dropped']);
});

const page = (...lines: string[]) => parsePage(`${lines.join('\n')}\n`, { format: 'text' });

it('follows the series of pages', () => {
  const recorder = new SeriesRecorder();
  recorder.addPage(page('# TYPE jobs_total counter', 'jobs_total 2', '# TYPE depth gauge', 'depth 1'), second);
  recorder.addPage(page('# TYPE jobs_total counter', 'jobs_total 1', '# TYPE depth gauge', 'depth 4'), 2 * second);
  expect(recorder.series.map(({ name, points }) => [name, points])).toEqual([
    ['jobs_total', [{ labels: {}, value: 1, first: 2, delta: 1, exemplars: 0 }]],
    ['depth', [{ labels: {}, value: 4, first: 1, exemplars: 0 }]],
  ]);
});

it('makes one point of a series that came by OTLP and on a page: the larger count, the newer gauge', () => {
  const recorder = new SeriesRecorder({ fromStart: true, sinceNs: 0 });
  recorder.addPage(
    page(
      '# TYPE jobs_total counter',
      'jobs_total{a="x",otel_scope_name="meter"} 2',
      '# TYPE depth gauge',
      'depth 1',
      '# TYPE alone gauge',
      'alone 3',
      '# TYPE target_info gauge',
      'target_info{service_name="shop"} 1',
    ),
    5 * second,
  );
  recorder.addPoints([total(9, { attributes: { a: 'x' } }), gauge(8, { name: 'depth' })]);
  expect(recorder.losses).toEqual([]);
  expect(Object.fromEntries(recorder.series.map(({ name, points }) => [name, points]))).toEqual({
    jobs_total: [{ labels: { a: 'x' }, value: 9, delta: 9, exemplars: 0 }],
    depth: [{ labels: {}, value: 1, exemplars: 0 }],
    alone: [{ labels: {}, value: 3, exemplars: 0 }],
    target_info: [{ labels: { service_name: 'shop' }, value: 1, exemplars: 0 }],
  });
});

it('keeps the series of pages up to its bound, and counts the others', () => {
  const recorder = new SeriesRecorder({ streams: 1 });
  recorder.addPage(page('a 1', 'b{k="1"} 1'), second);
  recorder.addPage(page('a 2', 'b{k="1"} 1'), 2 * second);
  expect(recorder.series.flatMap(({ points }) => points.map(({ value }) => value))).toEqual([2]);
  expect(recorder.losses).toEqual(['2 data points of series beyond the bounds were dropped']);
});
