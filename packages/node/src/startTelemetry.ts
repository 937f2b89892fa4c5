import { type EnrichedSignal, type Receiver, SampleMetrics, systemClock } from '@benchlab-otel/core';
import { seesSdk } from '@benchlab-otel/sdk';
import type { Attributes } from '@opentelemetry/api';
import { CellMeters, fitsCells } from './cells/cellMeters.ts';
import { collectedProducer } from './collect/collectedProducer.ts';
import { fanOut } from './collect/fanOut.ts';
import { metering } from './collect/metering.ts';
import { SelfMetrics } from './collect/selfMetrics.ts';
import { resolveConfig } from './config/config.ts';
import { telemetryResource } from './config/resource.ts';
import type { ShutdownReport, Telemetry, TelemetryOptions } from './config/telemetryOptions.ts';
import { enrichedMeterProvider } from './enrich/enrichedMeterProvider.ts';
import { EnricherChain } from './enrich/enricherChain.ts';
import { eventWriter } from './events/eventOutput.ts';
import { EventStream } from './events/eventStream.ts';
import { logEventTap } from './events/logEvents.ts';
import { PowerNow } from './events/powerNow.ts';
import { otlpExports } from './export/otlpExports.ts';
import { assertUnstarted, registerMetrics, registerTracing } from './lifecycle/globals.ts';
import { flushAll, type Running, tearDown } from './lifecycle/teardown.ts';
import { deviceEventLog } from './logs/deviceEventLog.ts';
import { LineTaps } from './logs/lineTaps.ts';
import { telemetryLogger } from './logs/logger.ts';
import { logSdk } from './logs/sdkLog.ts';
import { metricsPage } from './page/metricsPage.ts';
import { tracing } from './trace/tracing.ts';

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
  const enrichers = new EnricherChain(options.enrichers ?? []);
  const taps = new LineTaps();
  const lineFields = (line: Readonly<Attributes>): Attributes =>
    enrichers.fields({ kind: 'log', name: typeof line.event === 'string' ? line.event : '', attributes: line });
  const logger = telemetryLogger(options.log, { taps, ...(enrichers.hasFields && { fields: lineFields }) });
  for (const warning of config.warnings) logger.warn(warning);
  const clock = options.clock ?? systemClock;
  const sampleMetrics = new SampleMetrics({ clock });
  const selfMetrics = new SelfMetrics(clock.nowNs());
  const cells = new CellMeters(clock);
  const producers = [collectedProducer([sampleMetrics, selfMetrics], clock), cells];
  const page = metricsPage({
    ...config.metricsPage,
    metricProducers: producers,
    constantLabels: config.environment === undefined ? {} : { environment: config.environment },
  });
  const component = String(config.resourceAttributes['service.name'] ?? 'unknown_service:node');
  const writer =
    options.telemetryOut === undefined || config.isDisabled
      ? undefined
      : await eventWriter(options.telemetryOut, component);
  const power = new PowerNow();
  const fields = enrichers.hasFields ? { fields: (signal: EnrichedSignal) => enrichers.fields(signal) } : {};
  const events = new EventStream({ ...(writer && { writer }), component, clock, power, ...fields });
  const running: Running = { receivers: [], undo: [], ...(writer && { eventWriter: writer }) };
  const telemetry = (metricsUrl: string | undefined): Telemetry => ({
    logger,
    events,
    metricsUrl,
    metricsHandler: page.handler,
    sampleMetrics,
    collectMetrics: () => page.reader.collect({ timeoutMillis: config.metricExportTimeoutMs }),
    flush: () => flushAll(running, config.shutdownTimeoutMs),
    shutdown: shutdownOnce(running, config.shutdownTimeoutMs),
  });
  if (config.isDisabled) return telemetry(undefined);

  try {
    const { traces, metrics, logs } = await otlpExports(config, logger, clock);
    assertUnstarted();
    // Nothing is awaited from here to the registration, so that two starts at once cannot both pass.
    running.undo.push(logSdk(logger, config.sdkLogLevel));
    const resource = telemetryResource(config.resourceAttributes, enrichers.resource());
    const { spanExport } = config;
    running.tracing = tracing({ resource, enrichers, clock, spanExport, ...(traces && { exporter: traces }) });
    running.undo.push(registerTracing(running.tracing.provider));
    if (!seesSdk()) logger.warn(secondApi);
    const { processor, export: spanQueue } = running.tracing;
    selfMetrics.add(processor, events, ...(spanQueue ? [spanQueue] : []));
    selfMetrics.add(...(options.enrichers ?? []), ...(options.consumers ?? []));
    if (logs) {
      running.logs = logs.start(resource);
      running.undo.push(logs.register(running.logs));
      taps.add(running.logs.tap);
      selfMetrics.add(running.logs.queue);
    }
    if (writer) taps.add(logEventTap(events));
    running.page = page;
    const metricsUrl = config.metricsPage && (await page.listen());
    running.metering = metering({
      resource,
      config,
      page: page.reader,
      producers,
      ...(metrics && { exporter: metrics }),
    });
    const hasCells = metrics === undefined || fitsCells(metrics.exporter);
    const metered = hasCells ? cells.around(running.metering) : running.metering;
    const registered = config.hasExemplars ? page.withExemplars(metered) : metered;
    // What the telemetry records of itself is left as it is.
    const pointFields = (name: string, attributes: Readonly<Attributes>): Attributes =>
      name.startsWith('otel.sdk.') ? {} : enrichers.fields({ kind: 'metric', name, attributes });
    running.undo.push(
      registerMetrics(enrichers.hasFields ? enrichedMeterProvider(registered, pointFields) : registered),
    );
    running.receivers = options.receivers ?? [];
    const consumers = [sampleMetrics, power, deviceEventLog(logger), ...(options.consumers ?? [])];
    await startAll(running.receivers, fanOut(consumers));
    return telemetry(metricsUrl);
  } catch (error) {
    await tearDown(running, config.shutdownTimeoutMs);
    throw error;
  }
}

const secondApi =
  '@benchlab-otel/sdk has loaded another version of @opentelemetry/api than @benchlab-otel/node: what its decorators record is lost. ' +
  'Find both with npm ls @opentelemetry/api, and install one, 1.9 with this SDK.';

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
