import { type ObservedSeries, SeriesRecorder } from '@benchlab-otel/analysis';
import { systemClock } from '@benchlab-otel/core';
import { startTelemetry } from '@benchlab-otel/node';
import { withSpan } from '@benchlab-otel/sdk';
import { metrics } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { startOtlpReceiver } from '../otlp/otlpReceiver.ts';
import { scrape } from './scrape.ts';

/** What the page has about itself, and what changes between an export and a scrape. */
const ofOneWay = /^(benchlab_page_|otel_sdk_)/;

function comparable(series: readonly ObservedSeries[]) {
  return series
    .filter(({ name }) => !ofOneWay.test(name))
    .map(({ points, ...family }) => ({
      ...family,
      points: points
        .map(({ exemplars: _, ...point }) => point)
        .sort((a, b) => (JSON.stringify(a.labels) < JSON.stringify(b.labels) ? -1 : 1)),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function useAll(): void {
  const meter = metrics.getMeter('app', '1.2.3');
  meter.createCounter('hw.energy', { unit: 'J' }).add(5, { 'hw.id': 'a', hw_type: 'gpu' });
  meter.createCounter('orders.total', { unit: '{order}' }).add(2, { 'x.y': 'first', x_y: 'second' });
  meter.createCounter('requests', { unit: '1' }).add(1, { le: '5', __name: 'z', '9lives': true, empty: '' });
  meter.createUpDownCounter('queue.length', { unit: '{job}' }).add(-3);
  meter.createUpDownCounter('hw.status', { unit: '1' }).add(1);
  meter.createGauge('cache.hit_ratio', { unit: '1' }).record(0.5, { list: ['a', 'b'] as never });
  meter.createGauge('hw.network.bandwidth', { unit: 'By/s' }).record(1e9);
  meter.createGauge('load', { unit: '%' }).record(12.5);
  meter.createGauge('broken').record(Number.NaN);
  const histogram = meter.createHistogram('http.server.request.duration', { unit: 's' });
  for (const value of [0.1, 0.2, 7])
    withSpan('request', () => histogram.record(value, { le: 'own', 'http.route': '/a' }));
  metrics.getMeter('other').createCounter('hw.energy', { unit: 'J' }).add(3, { 'hw.id': 'a', hw_type: 'gpu' });
}

it.each(['explicit_bucket_histogram', 'base2_exponential_bucket_histogram'])(
  'one program shows the same series over OTLP and on its page: %s',
  async (histograms) => {
    const byOtlp = new SeriesRecorder();
    const otlp = await startOtlpReceiver({ onMetricPoints: (points) => byOtlp.addPoints(points) });
    const [name = '', value = ''] = otlp.header.split('=');
    const telemetry = await startTelemetry({
      serviceName: 'both',
      environment: 'test',
      otlp: { endpoint: otlp.endpoint, headers: { [name]: value } },
      metricsPage: { port: 0 },
      metricExportIntervalMs: 3_600_000,
      log: { destination: { write: () => undefined } },
      env: { OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: histograms },
    });
    useAll();
    const byPage = new SeriesRecorder();
    const scraped = await scrape(telemetry.metricsUrl ?? '');
    if (scraped.outcome === 'page') byPage.addPage(scraped.page.series, systemClock.nowNs());
    await telemetry.shutdown();
    await otlp.close();

    expect(scraped).toMatchObject({ outcome: 'page', page: { format: 'openmetrics' } });
    const names = comparable(byPage.series).map((family) => family.name);
    expect(names).toEqual(expect.arrayContaining(['hw_energy_joules_total', 'cache_hit_ratio', 'target_info']));
    expect(names.length).toBeGreaterThanOrEqual(11);
    expect(comparable(byOtlp.series)).toEqual(comparable(byPage.series));
    expect([byOtlp.losses, byPage.losses]).toEqual([[], []]);
    const exemplars = byPage.series.find((family) => family.name === 'http_server_request_duration_seconds');
    expect(exemplars?.points[0]?.exemplars).toBeGreaterThan(0);
  },
);
