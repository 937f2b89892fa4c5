import { access, constants } from 'node:fs/promises';
import { type Clock, messageOf, shown } from '@benchlab-otel/core';
import type { Resource } from '@opentelemetry/resources';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { TelemetryConfig } from '../config/config.ts';
import { CollectorWatch } from '../export/collectorWatch.ts';
import type { ExportLimits } from '../export/exportLimits.ts';
import type { OtlpTarget } from '../export/otlpTarget.ts';
import { logsApi } from '../logs/logsApi.ts';
import type { OtlpLogs } from '../logs/otlpLogs.ts';
import type { Parts } from './parts.ts';

interface Watched<Exporter> {
  readonly exporter: Exporter;
  readonly watch: CollectorWatch;
}

/** The exporters of the signals; a signal that is not exported is absent. */
export interface OtlpExports {
  readonly traces?: Watched<SpanExporter>;
  readonly metrics?: Watched<PushMetricExporter>;
  readonly logs?: {
    start(resource: Resource): OtlpLogs;
    /** Registers the logs for the process. The returned function undoes it. */
    register(logs: OtlpLogs): () => void;
  };
}

type Targets = Pick<
  TelemetryConfig,
  'traces' | 'metrics' | 'logs' | 'logExport' | 'hasExponentialHistograms' | 'proxyVariable' | 'tlsFiles'
>;

/** Makes the exporters. gRPC takes a fifth of a second to load, so it is loaded only where something is exported. */
export async function otlpExports(
  { traces, metrics, logs, logExport, hasExponentialHistograms, proxyVariable, tlsFiles }: Targets,
  { logger, clock, redaction }: Pick<Parts, 'logger' | 'clock' | 'redaction'>,
): Promise<OtlpExports> {
  if (traces === undefined && metrics === undefined && logs === undefined) return {};
  await warnUnreadable(tlsFiles, logger);
  const { otlpLogExporter, otlpMetricExporter, otlpSpanExporter } = await import('../export/otlpExporters.ts');
  const redactedSpans = (exporter: SpanExporter): SpanExporter => redaction?.spans(exporter) ?? exporter;
  const redactedMetrics = (exporter: PushMetricExporter) => redaction?.metrics(exporter) ?? exporter;
  const redactedLogs = (exporter: LogRecordExporter): LogRecordExporter => redaction?.logs(exporter) ?? exporter;
  // One watch a collector, so that the log has one line about it, however many signals it does not receive.
  const watches = new Map<string, CollectorWatch>();
  const watch = (endpoint: string): CollectorWatch => {
    const known = watches.get(endpoint) ?? new CollectorWatch(endpoint, logger, clock, proxyVariable);
    watches.set(endpoint, known);
    return known;
  };
  return {
    ...(traces && { traces: { exporter: redactedSpans(otlpSpanExporter(traces)), watch: watch(traces.endpoint) } }),
    ...(metrics && {
      metrics: {
        exporter: redactedMetrics(otlpMetricExporter(metrics, hasExponentialHistograms)),
        watch: watch(metrics.endpoint),
      },
    }),
    ...(logs && {
      logs: await logStart(logs, (target) => redactedLogs(otlpLogExporter(target)), {
        clock,
        limits: logExport,
        watch: watch(logs.endpoint),
        logger,
      }),
    }),
  };
}

/** The exporter would fall back to other certificates, and fail with the name of none of these variables. */
async function warnUnreadable(files: TelemetryConfig['tlsFiles'], logger: Pick<Logger, 'warn'>): Promise<void> {
  for (const { value, from } of files) {
    try {
      await access(value, constants.R_OK);
    } catch (error) {
      logger.warn(`${from} names ${shown(value)}, which cannot be read: ${messageOf(error)}.`);
    }
  }
}

/** The logs SDK is loaded only where lines are sent. */
async function logStart(
  target: OtlpTarget,
  exporterOf: (target: OtlpTarget) => LogRecordExporter,
  { logger, ...options }: { clock: Clock; limits: ExportLimits; watch: CollectorWatch; logger: Logger },
): Promise<NonNullable<OtlpExports['logs']>> {
  const { otlpLogs } = await import('../logs/otlpLogs.ts');
  const api = await logsApi((message) => logger.warn(message));
  const { watch, ...rest } = options;
  const exporter = { exporter: exporterOf(target), watch };
  return {
    start: (resource) => otlpLogs({ resource, ...rest, exporter }),
    register: ({ provider }) => {
      api?.setGlobalLoggerProvider(provider);
      return () => api?.disable();
    },
  };
}
