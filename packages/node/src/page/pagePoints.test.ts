import { emptyResource } from '@opentelemetry/resources';
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { gauge, pageOf, pageText, rendered, setUp } from './pageText.suite.ts';

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
