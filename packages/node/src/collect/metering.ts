import type { Resource } from '@opentelemetry/resources';
import {
  type IMetricReader,
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import type { TelemetryConfig } from '../config/config.ts';
import type { CollectorWatch } from '../export/collectorWatch.ts';
import { forwardingExporter } from '../export/forwardingExporter.ts';
import { watchedMetricExporter } from '../export/watchedMetricExporter.ts';
import { withEnvironmentLabel } from './environmentLabel.ts';

export interface MeteringOptions {
  readonly resource: Resource;
  readonly config: Pick<TelemetryConfig, 'environment' | 'metricExportIntervalMs' | 'metricExportTimeoutMs'>;
  /** The reader of the metrics page, which brings its own producers. */
  readonly page: IMetricReader;
  /** What the exporter gets besides the SDK's instruments' metrics. */
  readonly producers: readonly MetricProducer[];
  readonly exporter?: { readonly exporter: PushMetricExporter; readonly watch: CollectorWatch };
}

/** The metrics of a process: read by the page when it is scraped, and by the exporter at its interval. */
export function metering({ resource, config, page, producers, exporter }: MeteringOptions): MeterProvider {
  const readers = [page];
  if (exporter) {
    const watched = watchedMetricExporter(draining(exporter.exporter, page), exporter.watch);
    readers.push(
      new PeriodicExportingMetricReader({
        exporter: config.environment === undefined ? watched : withEnvironmentLabel(watched, config.environment),
        exportIntervalMillis: config.metricExportIntervalMs,
        exportTimeoutMillis: config.metricExportTimeoutMs,
        metricProducers: [...producers],
      }),
    );
  }
  return new MeterProvider({ resource, readers });
}

/**
 * An exporter that has `idle` read along. The SDK keeps what one reader has read until every other one has read it too
 * (TemporalMetricProcessor of sdk-metrics 2.12), so a page that nobody scrapes would fill the memory.
 */
function draining(inner: PushMetricExporter, idle: IMetricReader): PushMetricExporter {
  return forwardingExporter(inner, (metrics, done) => {
    // It fails once the page's reader is shut down, and then there is nothing to drain.
    idle.collect().catch(() => {});
    inner.export(metrics, done);
  });
}
