import type { Clock, Enricher, Receiver, SampleConsumer, SampleMetrics } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import type { DestinationStream, LevelWithSilent, Logger } from 'pino';
import type { TelemetryOut } from '../events/eventOutput.ts';
import type { EventStream } from '../events/eventStream.ts';
import type { MetricsPage, MetricsPageOptions } from '../page/metricsPage.ts';
import type { Env } from './environment.ts';

/** What `startTelemetry` may be told. Everything is optional; what is absent comes from the environment. */
export interface TelemetryOptions {
  /** `service.name`. Else OTEL_SERVICE_NAME, else `unknown_service:node`. */
  readonly serviceName?: string;
  /** `service.version`. */
  readonly serviceVersion?: string;
  /**
   * `deployment.environment.name` of the resource and the label `environment` of every metric point. Else
   * OTEL_RESOURCE_ATTRIBUTES, else TELEMETRY_ENVIRONMENT, else neither exists.
   */
  readonly environment?: string;
  /** Further attributes of everything this process emits. They win over OTEL_RESOURCE_ATTRIBUTES. */
  readonly resourceAttributes?: Attributes;
  /** Where OTLP over gRPC goes; false sends nothing. */
  readonly otlp?: OtlpOptions | false;
  /** Where the metrics page listens, who may see it and how it names things; false opens no page. */
  readonly metricsPage?: MetricsPageAddress | false;
  /**
   * Shows on the metrics page, to who scrapes OpenMetrics, the spans that histograms and counters were recorded in.
   * Default true, unless OTEL_METRICS_EXEMPLAR_FILTER is `always_off`.
   */
  readonly exemplars?: boolean;
  /** Started with the telemetry, stopped with it. */
  readonly receivers?: readonly Receiver[];
  /** Who gets the samples of `receivers` besides the metrics: a `SampleHistory`, for example. */
  readonly consumers?: readonly SampleConsumer[];
  /** What is added to spans and resource, in this order. */
  readonly enrichers?: readonly Enricher[];
  readonly log?: LogOptions;
  /** Where the stream of runtime events goes: a file, a FIFO or a writable stream (docs/event-stream.md). */
  readonly telemetryOut?: TelemetryOut;
  /** Milliseconds between two exports of metrics. Else OTEL_METRIC_EXPORT_INTERVAL, else 60,000. */
  readonly metricExportIntervalMs?: number;
  /** Milliseconds that `shutdown()` and `flush()` may take. 5,000 unless set. */
  readonly shutdownTimeoutMs?: number;
  /**
   * Stands in for `process.env`. What the OpenTelemetry SDK reads itself it still reads there: sampler, span limits and
   * buffer, TLS, compression, and headers of a name that is not set here.
   */
  readonly env?: Env;
  readonly clock?: Clock;
}

export interface OtlpOptions {
  /** `http://HOST:PORT` (plain) or `https://HOST:PORT` (TLS), for traces and metrics. */
  readonly endpoint?: string;
  /** Sent with every export: credentials, tenant. They win over headers of the same name from the environment. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds that one export may take. */
  readonly timeoutMs?: number;
}

/**
 * As of `metricsPage()`. Else OTEL_EXPORTER_PROMETHEUS_HOST and _PORT, PROMETHEUS_PORT, TELEMETRY_METRICS_TOKEN,
 * TELEMETRY_METRICS_TOKEN_FILE, and TELEMETRY_METRICS_UNPROTECTED=true for `allowUnprotected`.
 */
export type MetricsPageAddress = Pick<
  MetricsPageOptions,
  'host' | 'port' | 'token' | 'tokenFile' | 'tls' | 'allowUnprotected' | 'translationStrategy' | 'scopeLabels'
>;

export interface LogOptions {
  /** `info` unless set. */
  readonly level?: LevelWithSilent;
  /** A file, or a stream. Standard output unless set. */
  readonly destination?: string | DestinationStream;
  /** Sends lines over OTLP too, as log records of their span. Else OTEL_LOGS_EXPORTER=otlp, else false. */
  readonly otlp?: boolean;
}

/** Telemetry that runs. */
export interface Telemetry {
  /** Writes JSON lines; inside a span they carry `trace_id`, `span_id` and `trace_flags`. */
  readonly logger: Logger;
  /** Events of the runtime: launches, completions, diagnostics. Where `telemetryOut` is not set, they go nowhere. */
  readonly events: Pick<EventStream, 'emit' | 'run' | 'counts'>;
  /** The address of the metrics page, `http://127.0.0.1:9464/metrics`; undefined without one. */
  readonly metricsUrl: string | undefined;
  /**
   * Answers a scrape in an HTTP server of the application's own (node:http, Express, Fastify), whether or not the page
   * has a server: mount it at a path, and set `metricsPage: false` if that is to be the only one.
   */
  readonly metricsHandler: MetricsPage['handler'];
  /** The metrics of the receivers' samples. A receiver that is not in `receivers` may feed it too. */
  readonly sampleMetrics: SampleMetrics;
  /** All metrics as they are now, cumulative: for `ServiceMetrics`. Rejects after the shutdown. */
  readonly collectMetrics: () => Promise<CollectionResult>;
  /** Sends what has ended so far. Resolves after `shutdownTimeoutMs` at the latest, and never rejects. */
  flush(): Promise<void>;
  /** Stops the receivers, sends what is left and closes the page. May be called twice; it never rejects. */
  shutdown(): Promise<ShutdownReport>;
}

/** What `shutdown()` could not save. */
export interface ShutdownReport {
  /** Sampled spans that ended and that no collector acknowledged, since the start. 0 where traces are not exported. */
  readonly droppedSpans: number;
  /** Something did not finish within `shutdownTimeoutMs`. */
  readonly timedOut: boolean;
}
