import { type Clock, type Receiver, SampleMetrics, systemClock } from '@benchlab-otel/sdk';
import type { Logger } from 'pino';
import { collectedProducer } from './collectedProducer.ts';
import { CollectorWatch } from './collectorWatch.ts';
import { resolveConfig, type TelemetryConfig } from './config.ts';
import { EnricherChain } from './enricherChain.ts';
import { fanOut } from './fanOut.ts';
import { assertUnstarted, registerMetrics, registerTracing } from './globals.ts';
import { telemetryLogger } from './logger.ts';
import { metering } from './metering.ts';
import { metricsPage } from './page/metricsPage.ts';
import { telemetryResource } from './resource.ts';
import { logSdk } from './sdkLog.ts';
import { SelfMetrics } from './selfMetrics.ts';
import { flushAll, type Running, tearDown } from './teardown.ts';
import type { ShutdownReport, Telemetry, TelemetryOptions } from './telemetryOptions.ts';
import { tracing } from './tracing.ts';

/**
 * Starts tracing, metrics, the metrics page, OTLP export, logs and the receivers of this process: once, at the top of
 * `main()`, before the code that makes spans. Rejects with a `BenchlabError` that names the option, the variable or the
 * port that is wrong, and leaves nothing running then. Afterwards it never throws into the application: what fails is
 * counted and logged. OTEL_SDK_DISABLED=true leaves the logger alone.
 *
 * @example
 * const telemetry = await startTelemetry({ serviceName: 'checkout', receivers: [benchlabReceiver()] });
 * process.once('SIGTERM', async () => {
 *   await telemetry.shutdown();
 *   process.exit();
 * });
 */
export async function startTelemetry(options: TelemetryOptions = {}): Promise<Telemetry> {
  const config = resolveConfig(options);
  const logger = telemetryLogger(options.log);
  for (const warning of config.warnings) logger.warn(warning);
  const clock = options.clock ?? systemClock;
  const sampleMetrics = new SampleMetrics({ clock });
  const selfMetrics = new SelfMetrics(clock.nowNs());
  const producer = collectedProducer([sampleMetrics, selfMetrics], clock);
  const page = metricsPage({
    ...config.metricsPage,
    metricProducers: [producer],
    constantLabels: config.environment === undefined ? {} : { environment: config.environment },
  });
  const running: Running = { receivers: [], undo: [] };
  const telemetry = (metricsUrl: string | undefined): Telemetry => ({
    logger,
    metricsUrl,
    metricsHandler: page.handler,
    sampleMetrics,
    collectMetrics: () => page.reader.collect({ timeoutMillis: config.metricExportTimeoutMs }),
    flush: () => flushAll(running, config.shutdownTimeoutMs),
    shutdown: shutdownOnce(running, config.shutdownTimeoutMs),
  });
  if (config.isDisabled) return telemetry(undefined);

  const { traces, metrics } = await otlp(config, logger, clock);
  assertUnstarted();
  // Nothing is awaited from here to the registration, so that two starts at once cannot both pass.
  try {
    running.undo.push(logSdk(logger, config.sdkLogLevel));
    const enrichers = new EnricherChain(options.enrichers ?? []);
    const resource = telemetryResource(config.resourceAttributes, enrichers.resource());
    const { spanExport } = config;
    running.tracing = tracing({ resource, enrichers, clock, spanExport, ...(traces && { exporter: traces }) });
    const { processor, export: spanQueue } = running.tracing;
    selfMetrics.add(processor, ...(spanQueue ? [spanQueue] : []));
    selfMetrics.add(...(options.enrichers ?? []), ...(options.consumers ?? []));
    running.undo.push(registerTracing(running.tracing.provider));
    running.page = page;
    const metricsUrl = config.metricsPage && (await page.listen());
    running.metering = metering({
      resource,
      config,
      page: page.reader,
      producer,
      ...(metrics && { exporter: metrics }),
    });
    running.undo.push(registerMetrics(config.hasExemplars ? page.withExemplars(running.metering) : running.metering));
    running.receivers = options.receivers ?? [];
    await startAll(running.receivers, fanOut([sampleMetrics, ...(options.consumers ?? [])]));
    return telemetry(metricsUrl);
  } catch (error) {
    await tearDown(running, config.shutdownTimeoutMs);
    throw error;
  }
}

/** All that can start do, so that a failure is known only when none is still starting. */
async function startAll(receivers: readonly Receiver[], consumer: Parameters<Receiver['start']>[0]): Promise<void> {
  const starts = await Promise.allSettled(receivers.map(async (receiver) => receiver.start(consumer)));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) throw failed.reason;
}

function shutdownOnce(running: Running, timeoutMs: number): () => Promise<ShutdownReport> {
  let report: Promise<ShutdownReport> | undefined;
  const shutdown = async (): Promise<ShutdownReport> => {
    const isInTime = await tearDown(running, timeoutMs);
    return { droppedSpans: running.tracing?.unacknowledged() ?? 0, timedOut: !isInTime };
  };
  return () => {
    report ??= shutdown();
    return report;
  };
}

type Exporters = Pick<TelemetryConfig, 'traces' | 'metrics'>;

/** The exporters of both signals. gRPC takes a fifth of a second to load, so it is loaded only where it is used. */
async function otlp({ traces, metrics }: Exporters, logger: Logger, clock: Clock) {
  if (traces === undefined && metrics === undefined) return {};
  const { otlpMetricExporter, otlpSpanExporter } = await import('./otlpExporters.ts');
  // One collector, one line in the log, whatever the number of signals that do not reach it.
  const watches = new Map<string, CollectorWatch>();
  const watch = (endpoint: string): CollectorWatch => {
    const known = watches.get(endpoint) ?? new CollectorWatch(endpoint, logger, clock);
    watches.set(endpoint, known);
    return known;
  };
  return {
    ...(traces && { traces: { exporter: otlpSpanExporter(traces), watch: watch(traces.endpoint) } }),
    ...(metrics && { metrics: { exporter: otlpMetricExporter(metrics), watch: watch(metrics.endpoint) } }),
  };
}
