import { type Attributes, ValueType } from '@opentelemetry/api';
import { emptyResource, resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { gauge, pageOf, pageText, rendered, setUp } from './pageText.suite.ts';
import { randomMetrics, seeded } from './randomMetrics.suite.ts';
import { readPage } from './readPage.suite.ts';

describe('families', () => {
  it('have the name, type and help that the OTLP path gives them', async () => {
    const { meter, text } = setUp();
    meter().createCounter('hw.energy', { unit: 'J', description: 'Energy\nof a \\ part.' }).add(3, { 'hw.id': 'EPS1' });
    expect(await text()).toContain(
      [
        '# HELP hw_energy_joules_total Energy\\nof a \\\\ part.',
        '# TYPE hw_energy_joules_total counter',
        'hw_energy_joules_total{hw_id="EPS1"} 3',
        '',
      ].join('\n'),
    );
  });

  it('a sum that may fall is a gauge, and a gauge with unit 1 a ratio', async () => {
    const { meter, read } = setUp();
    meter().createUpDownCounter('hw.status', { unit: '1' }).add(1);
    meter().createGauge('hw.gpu.utilization', { unit: '1' }).record(0.5);
    const { types, values } = await read();
    expect(types).toMatchObject({ hw_status: 'gauge', hw_gpu_utilization_ratio: 'gauge' });
    expect(values).toMatchObject({ 'hw_status{}': 1, 'hw_gpu_utilization_ratio{}': 0.5 });
  });

  it('without a description have no HELP line', async () => {
    const { meter, read } = setUp();
    meter().createGauge('bare').record(1);
    const { help, types } = await read();
    expect(help).not.toHaveProperty('bare');
    expect(types).toHaveProperty('bare');
  });

  it('with one name in two scopes are one, with the first help and all points', async () => {
    const { meter, read } = setUp();
    meter('one').createCounter('jobs', { description: 'First.' }).add(1, { scope: 'one' });
    meter('two').createCounter('jobs', { description: 'Second.' }).add(2, { scope: 'two' });
    const { help, values } = await read();
    expect(help).toMatchObject({ jobs_total: 'First.' });
    expect(values).toMatchObject({ 'jobs_total{scope=one}': 1, 'jobs_total{scope=two}': 2 });
  });

  it('with one name and different types: the later one is left out and counted', async () => {
    const { meter, read } = setUp();
    meter('one').createGauge('depth').record(1);
    meter('two').createHistogram('depth').record(5);
    const { types, values } = await read();
    expect(types).toMatchObject({ depth: 'gauge' });
    expect(values).toMatchObject({ 'depth{}': 1, 'benchlab_page_dropped_metrics{}': 1 });
  });

  it("a name that is a histogram's sample, or the page's own, is left out", async () => {
    const { meter, read } = setUp({}, { 'service.name': 'checkout' });
    meter().createHistogram('latency').record(1);
    meter().createGauge('latency.count').record(1);
    meter().createGauge('target.info').record(5);
    meter().createGauge('benchlab.page.merged_points').record(5);
    const { types, values } = await read();
    expect(types).not.toHaveProperty('latency_count');
    expect(values).toMatchObject({
      'latency_count{}': 1,
      'target_info{service_name=checkout}': 1,
      'benchlab_page_merged_points{}': 0,
      'benchlab_page_dropped_metrics{}': 3,
    });
  });

  it('that are not cumulative, or whose name has no allowed character, are left out', () => {
    const delta: MetricData = {
      ...gauge('jobs', {}, 1),
      dataPointType: DataPointType.SUM,
      isMonotonic: true,
      aggregationTemporality: AggregationTemporality.DELTA,
    } as MetricData;
    const { values } = pageOf(delta, gauge('%%%', {}, 1));
    expect(values).toEqual({
      'benchlab_page_merged_points{}': 0,
      'benchlab_page_dropped_metrics{}': 2,
      'benchlab_page_dropped_points{}': 0,
    });
  });

  it('without points are left out', () => {
    const { types } = pageOf({ ...gauge('empty', {}, 1), dataPoints: [] } as MetricData);
    expect(types).not.toHaveProperty('empty');
  });
});

describe('points', () => {
  it('whose labels become equal are merged and counted: sums added, the newest gauge kept', async () => {
    const { meter, read } = setUp();
    const jobs = meter().createCounter('jobs');
    jobs.add(1, { 'a.b': 'x' });
    jobs.add(2, { a_b: 'x' });
    const { values } = await read();
    expect(values).toMatchObject({ 'jobs_total{a_b=x}': 3, 'benchlab_page_merged_points{}': 1 });

    const gauges = pageOf(gauge('g', { 'a.b': 'x' }, 5, 20), gauge('g', { a_b: 'x' }, 7, 10));
    expect(gauges.values).toMatchObject({ 'g{a_b=x}': 5, 'benchlab_page_merged_points{}': 1 });
    const reversed = pageOf(gauge('g', { 'a.b': 'x' }, 5, 10), gauge('g', { 'a-b': 'x' }, 7, 20));
    expect(reversed.values).toMatchObject({ 'g{a_b=x}': 7 });
  });

  it('of histograms whose labels become equal are added; without a common bound the later is left out', async () => {
    const { meter, read } = setUp();
    const same = meter('one').createHistogram('same', { advice: { explicitBucketBoundaries: [1, 2] } });
    same.record(1, { 'a.b': 'x' });
    same.record(5, { a_b: 'x' });
    meter('one')
      .createHistogram('other', { advice: { explicitBucketBoundaries: [1] } })
      .record(1);
    meter('two')
      .createHistogram('other', { advice: { explicitBucketBoundaries: [2] } })
      .record(1);
    const { values } = await read();
    expect(values).toMatchObject({
      'same_bucket{a_b=x,le=1}': 1,
      'same_bucket{a_b=x,le=+Inf}': 2,
      'same_sum{a_b=x}': 6,
      'other_bucket{le=1}': 1,
      'other_count{}': 1,
      'benchlab_page_merged_points{}': 1,
      'benchlab_page_dropped_points{}': 1,
    });
    expect(values).not.toHaveProperty('other_bucket{le=2}');
  });

  it('of two histograms with one name and other bounds are added over the common bounds, and that is logged', async () => {
    const reports: string[] = [];
    const { meter, read } = setUp({}, {}, { report: (what) => void reports.push(what) });
    const histogram = (scope: string, explicitBucketBoundaries: number[]) =>
      meter(scope).createHistogram('http.server.request.duration', { unit: 's', advice: { explicitBucketBoundaries } });
    const first = histogram('http', [0.1, 1, 5]);
    const second = histogram('framework', [0.1, 0.5, 5, 10]);
    for (let i = 0; i < 5; i++) first.record(i < 3 ? 0.05 : 2, { route: '/' });
    for (let i = 0; i < 100; i++) second.record(i < 60 ? 0.3 : 7, { route: '/' });
    const { values } = await read();
    expect(Object.entries(values).filter(([series]) => /^http_/.test(series))).toEqual([
      ['http_server_request_duration_seconds_bucket{route=/,le=0.1}', 3],
      ['http_server_request_duration_seconds_bucket{route=/,le=5}', 65],
      ['http_server_request_duration_seconds_bucket{route=/,le=+Inf}', 105],
      ['http_server_request_duration_seconds_sum{route=/}', expect.closeTo(302.15)],
      ['http_server_request_duration_seconds_count{route=/}', 105],
    ]);
    expect(values).toMatchObject({ 'benchlab_page_merged_points{}': 1, 'benchlab_page_dropped_points{}': 0 });
    expect(reports).toEqual([expect.stringContaining('the bounds that they have in common')]);
  });

  it.each([-1, Number.NaN, -Infinity])('of counters with the value %s are absent and counted', (value) => {
    const counter = {
      ...gauge('jobs', {}, value),
      dataPointType: DataPointType.SUM,
      isMonotonic: true,
    } as MetricData;
    const { values } = pageOf(counter, gauge('temperature', {}, value));
    expect(values).toMatchObject({ 'temperature{}': value, 'benchlab_page_dropped_points{}': 1 });
    expect(values).not.toHaveProperty('jobs_total{}');
  });

  it('whose labels become equal only at a later scrape are merged then', async () => {
    const { meter, read } = setUp();
    const jobs = meter().createCounter('jobs');
    jobs.add(1, { 'a.b': 'x' });
    expect((await read()).values).toMatchObject({ 'jobs_total{a_b=x}': 1, 'benchlab_page_merged_points{}': 0 });
    jobs.add(2, { a_b: 'x' });
    for (let i = 0; i < 2; i += 1) {
      expect((await read()).values).toMatchObject({ 'jobs_total{a_b=x}': 3, 'benchlab_page_merged_points{}': 1 });
    }
  });

  it('have their labels written at their first scrape only', () => {
    const page = pageText();
    let reads = 0;
    const attributes = {
      get id() {
        reads += 1;
        return 'one';
      },
    };
    const scopeMetrics = [{ scope: { name: 's' }, metrics: [gauge('g', attributes, 1)] }];
    for (let i = 0; i < 3; i += 1) {
      expect(rendered(page, { resource: emptyResource(), scopeMetrics })).toContain('g{id="one"} 1');
    }
    expect(reads).toBe(1);
  });

  it('may be infinite or not a number', () => {
    const { values } = pageOf(
      gauge('g', { v: 'nan' }, Number.NaN),
      gauge('g', { v: 'up' }, Infinity),
      gauge('g', { v: 'down' }, -Infinity),
      gauge('g', { v: 'big' }, 1e21),
    );
    expect(values).toMatchObject({
      'g{v=nan}': Number.NaN,
      'g{v=up}': Infinity,
      'g{v=down}': -Infinity,
      'g{v=big}': 1e21,
    });
  });

  it('are removed from the page once their series is not collected', async () => {
    const page = pageText();
    const render = (metrics: MetricData[]) =>
      rendered(page, { resource: emptyResource(), scopeMetrics: [{ scope: { name: 's' }, metrics }] });
    expect(render([gauge('g', { id: 'one' }, 1)])).toContain('g{id="one"} 1');
    expect(render([])).not.toContain('g{');
  });

  it('with attributes that a counter and a histogram share have the labels in both', async () => {
    const { meter, read } = setUp();
    const shared = { le: 'mine' };
    meter().createCounter('jobs').add(1, shared);
    meter()
      .createHistogram('latency', { advice: { explicitBucketBoundaries: [1] } })
      .record(1, shared);
    const { values } = await read();
    expect(values).toMatchObject({ 'jobs_total{le=mine}': 1, 'latency_bucket{exported_le=mine,le=1}': 1 });
  });
});

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

describe('the resource and constant labels', () => {
  it('the resource is target_info, with all its attributes, and adds no labels elsewhere', async () => {
    const { meter, read } = setUp({}, { 'service.name': 'checkout', 'host.name': 'bench', 'process.pid': 7 });
    meter().createGauge('g').record(1);
    const { values } = await read();
    expect(values).toMatchObject({ 'target_info{host_name=bench,process_pid=7,service_name=checkout}': 1, 'g{}': 1 });
  });

  it('the page does not wait for attributes of the resource that are pending', () => {
    const resource = resourceFromAttributes({ 'host.id': new Promise<string>(() => {}) });
    const page = readPage(rendered(pageText(), { resource, scopeMetrics: [] }));
    expect(page.types).not.toHaveProperty('target_info');
  });

  it('constant labels are on every series except target_info', async () => {
    const { meter, read } = setUp({ environment: 'offline' }, { 'service.name': 'checkout' });
    meter().createCounter('jobs').add(1);
    meter().createCounter('jobs').add(1, { environment: 'mine' });
    const { values } = await read();
    expect(Object.keys(values)).toEqual([
      'target_info{service_name=checkout}',
      'jobs_total{environment=offline}',
      'jobs_total{environment=mine}',
      'benchlab_page_merged_points{environment=offline}',
      'benchlab_page_dropped_metrics{environment=offline}',
      'benchlab_page_dropped_points{environment=offline}',
    ]);
  });
});

it('300 random registries make 300 valid pages', () => {
  const random = seeded(20260101);
  for (let run = 0; run < 300; run += 1) expect(() => pageOf(...randomMetrics(random))).not.toThrow();
});
