import type { Clock } from '@benchlab-otel/core';
import type { Resource } from '@opentelemetry/resources';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Logger } from 'pino';
import type { TelemetryConfig } from '../config/config.ts';
import type { OtlpTarget } from '../config/otlpTarget.ts';
import type { OtlpLogs } from '../logs/otlpLogs.ts';
import { CollectorWatch } from './collectorWatch.ts';

interface Watched<Exporter> {
  readonly exporter: Exporter;
  readonly watch: CollectorWatch;
}

/** Where each signal leaves; a signal that is not exported is absent. */
export interface OtlpExports {
  readonly traces?: Watched<SpanExporter>;
  readonly metrics?: Watched<PushMetricExporter>;
  readonly logs?: {
    start(resource: Resource): OtlpLogs;
    /** Makes it the process's own. The returned function undoes it. */
    register(logs: OtlpLogs): () => void;
  };
}

type Exporters = Pick<TelemetryConfig, 'traces' | 'metrics' | 'logs' | 'logExport'>;

/** The exporters of the signals. gRPC takes a fifth of a second to load, so it is loaded only where it is used. */
export async function otlpExports(
  { traces, metrics, logs, logExport }: Exporters,
  logger: Logger,
  clock: Clock,
): Promise<OtlpExports> {
  if (traces === undefined && metrics === undefined && logs === undefined) return {};
  const { otlpLogExporter, otlpMetricExporter, otlpSpanExporter } = await import('./otlpExporters.ts');
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
    ...(logs && {
      logs: await logStart(logs, otlpLogExporter, { clock, limits: logExport, watch: watch(logs.endpoint) }),
    }),
  };
}

/** The logs SDK is loaded only where lines are sent. */
async function logStart(
  target: OtlpTarget,
  exporterOf: (target: OtlpTarget) => LogRecordExporter,
  { clock, limits, watch }: { clock: Clock; limits: TelemetryConfig['logExport']; watch: CollectorWatch },
): Promise<NonNullable<OtlpExports['logs']>> {
  const { otlpLogs, registerLogs } = await import('../logs/otlpLogs.ts');
  const exporter = { exporter: exporterOf(target), watch };
  return {
    start: (resource) => otlpLogs({ resource, clock, limits, exporter }),
    register: ({ provider }) => registerLogs(provider),
  };
}
