import { systemClock } from '@benchlab-otel/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, InMemoryMetricExporter, MetricReader } from '@opentelemetry/sdk-metrics';
import pino from 'pino';
import { expect, test } from 'vitest';
import { CollectorWatch } from '../export/collectorWatch.ts';
import { metering } from './metering.ts';

/** A reader of a page that is never scraped, with the limits of the collections that it was asked for. */
class IdleReader extends MetricReader {
  readonly limitsMs: (number | undefined)[] = [];

  override collect(...[options]: Parameters<MetricReader['collect']>): ReturnType<MetricReader['collect']> {
    this.limitsMs.push(options?.timeoutMillis);
    return super.collect(options);
  }

  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

test('each export collects from the page that is never scraped, for 5 s at most', async () => {
  const page = new IdleReader();
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const provider = metering({
    resource: resourceFromAttributes({}),
    labels: {},
    intervalMs: 60_000,
    timeoutMs: 10_000,
    page,
    producers: [],
    exporter: { exporter, watch: new CollectorWatch('http://localhost:4317', pino({ level: 'silent' }), systemClock) },
  });
  provider.getMeter('m').createCounter('c').add(1);

  await provider.forceFlush();

  expect(exporter.getMetrics()).toHaveLength(1);
  expect(page.limitsMs).toEqual([5_000]);
  await provider.shutdown();
});
