import { BenchlabError } from '@benchlab-otel/core';
import { type AlertsParts, startAlerts } from './alerts/alerts.ts';
import { resolveConfig } from './config/config.ts';
import type { ShutdownReport, Telemetry, TelemetryOptions } from './config/telemetryOptions.ts';
import { registerPropagation } from './lifecycle/globals.ts';
import { atProcessEnd } from './lifecycle/processEnd.ts';
import { writeUnsent } from './lifecycle/unsentFile.ts';
import { startLogs } from './start/logs.ts';
import { startMetrics } from './start/metrics.ts';
import { otlpExports } from './start/otlpExports.ts';
import { makeParts, type Parts } from './start/parts.ts';
import { startReceivers } from './start/receivers.ts';
import { flushAll, type Running, tearDown } from './start/teardown.ts';
import { startTraces } from './start/traces.ts';
import { instrument } from './trace/instrumentation.ts';
import { propagatorOf } from './trace/propagators.ts';

const disabled =
  'OpenTelemetry is off, because OTEL_SDK_DISABLED is true: no spans, no metrics, no metrics page. Lines are logged and context is passed on.';

/**
 * Starts tracing, metrics, the metrics page, OTLP export, logs and the receivers of this process: once, at the top of
 * `main()`, before the code that makes spans. Rejects with a `BenchlabError` that names the option, the variable or the
 * port that is wrong, and leaves nothing running then. Afterwards it never throws into the application: failures are
 * counted and logged. With OTEL_SDK_DISABLED=true only the logger and the propagation of context work. A program that ends by
 * itself is shut down first; before `process.exit()`, call `shutdown()`.
 *
 * @example
 * const telemetry = await startTelemetry({ serviceName: 'checkout', receivers: [benchlabReceiver()] });
 * process.once('SIGTERM', async () => {
 *   await telemetry.shutdown();
 *   process.exit();
 * });
 */
export async function startTelemetry(options: TelemetryOptions = {}): Promise<Telemetry> {
  const parts = await makeParts(options, resolveConfig(options));
  const { config, eventWriter } = parts;
  const flushLog = () => parts.taps.flush();
  const running: Running = { receivers: [], undo: [], flushLog, ...(eventWriter && { eventWriter }) };
  const whole = await propagatorOf(config.propagators, (message) => parts.logger.warn(message));
  const propagator = parts.redaction?.propagator(whole) ?? whole;
  if (config.isDisabled) {
    running.undo.push(registerPropagation(propagator));
    parts.logger.info({ event: 'telemetry.disabled' }, disabled);
    return telemetryOf(parts, running, undefined);
  }
  try {
    // Each step needs the result of the one before.
    const exports = await otlpExports(config, parts);
    const enriched = await parts.enrichers.resource();
    const traced = startTraces(parts, exports, propagator, running, enriched);
    const logged = startLogs(traced, running);
    const metered = await startMetrics(logged, running);
    running.undo.push(instrument(config.instrumentations, parts.logger));
    await startReceivers(metered, running);
    if (config.alerts) running.undo.push(startAlerts(config.alerts, alertsParts(parts)));
    const telemetry = telemetryOf(parts, running, metered.metricsUrl);
    running.undo.push(atProcessEnd({ byItself: telemetry.shutdown, atOnce: () => endAtOnce(parts, running) }));
    return telemetry;
  } catch (error) {
    await tearDown(running, config.shutdownTimeoutMs);
    throw asMessage(error);
  }
}

/** The process ends now: nothing can be sent any more. */
function endAtOnce({ config, logger, taps, eventWriter }: Parts, running: Running): void {
  const spans = running.tracing?.unsent() ?? 0;
  if (spans > 0) {
    const what = `The process ends, and ${spans} ${spans === 1 ? 'span was' : 'spans were'} not sent: call shutdown() of the telemetry before process.exit().`;
    logger.warn({ event: 'telemetry.unsent', spans }, what);
    if (config.unsentFile !== undefined) writeUnsent(config.unsentFile, spans);
  }
  eventWriter?.flushSync();
  taps.flushSync();
}

/** A port in use is no fault of the program: where the error is not caught, Node prints the message alone. */
function asMessage(error: unknown): unknown {
  if (!(error instanceof BenchlabError) || error.code !== 'PORT_IN_USE') return error;
  Object.defineProperty(error, 'stack', { value: `${error.name}: ${error.message}` });
  // Node prints it with its own stack; it states nothing else.
  Reflect.deleteProperty(error, 'cause');
  return error;
}

function alertsParts({ config, clock, logger, page }: Parts): AlertsParts {
  const collect = () => page.reader.collect({ timeoutMillis: config.metricExportTimeoutMs });
  return { clock, logger, labels: config.labels, collect };
}

function telemetryOf(parts: Parts, running: Running, metricsUrl: string | undefined): Telemetry {
  const { config, logger, events, page, sampleMetrics } = parts;
  return {
    logger,
    events,
    metricsUrl,
    metricsHandler: page.handler,
    sampleMetrics,
    collectMetrics: () => page.reader.collect({ timeoutMillis: config.metricExportTimeoutMs }),
    flush: () => flushAll(running, config.shutdownTimeoutMs),
    shutdown: shutdownOnce(running, config.shutdownTimeoutMs),
  };
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
