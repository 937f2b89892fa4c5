import type { Resource } from '@opentelemetry/resources';
import {
  ConsoleMetricExporter,
  type IMetricReader,
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import type { CollectorWatch } from '../export/collectorWatch.ts';
import { forwardingExporter } from '../export/forwardingExporter.ts';
import { watchedMetricExporter } from '../export/watchedMetricExporter.ts';
import { withConstantLabels } from './constantLabels.ts';

export interface MeteringOptions {
  readonly resource: Resource;
  /** Labels of every exported point. */
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds between two exports, and the most that one may take. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** The reader of the metrics page, which has its own producers. */
  readonly page: IMetricReader;
  /** Producers of the metrics that the exporter gets in addition to those of the SDK's instruments. */
  readonly producers: readonly MetricProducer[];
  readonly exporter?: { readonly exporter: PushMetricExporter; readonly watch: CollectorWatch };
  /** Metrics are written to standard output at the interval, too. */
  readonly toConsole?: boolean;
}

/** The metrics of a process: read by the page when it is scraped, and by the exporter at its interval. */
export function metering(options: MeteringOptions): MeterProvider {
  const { resource, labels, intervalMs, timeoutMs, page, producers, exporter, toConsole } = options;
  const exporters = [
    ...(exporter ? [watchedMetricExporter(draining(exporter.exporter, page), exporter.watch)] : []),
    ...(toConsole ? [draining(new ConsoleMetricExporter(), page)] : []),
  ];
  const readers = exporters.map(
    (each) =>
      new PeriodicExportingMetricReader({
        exporter: Object.keys(labels).length === 0 ? each : withConstantLabels(each, labels),
        exportIntervalMillis: intervalMs,
        exportTimeoutMillis: timeoutMs,
        metricProducers: [...producers],
      }),
  );
  return new MeterProvider({ resource, readers: [page, ...readers] });
}

/** An observable callback that never answers must not keep the collection of the idle page, and what it holds, for ever. */
const drainMs = 5_000;

/**
 * An exporter that also collects from `idle` at each export. The SDK keeps what one reader has collected until every other
 * reader has collected it too (TemporalMetricProcessor of sdk-metrics 2.12), so a page that is never scraped would fill the
 * memory.
 */
function draining(inner: PushMetricExporter, idle: IMetricReader): PushMetricExporter {
  return forwardingExporter(inner, (metrics, done) => {
    // It rejects once the reader of the page is shut down. Then nothing is kept for it.
    idle.collect({ timeoutMillis: drainMs }).catch(() => {});
    inner.export(metrics, done);
  });
}
