import { resourceFromAttributes } from '@opentelemetry/resources';
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
