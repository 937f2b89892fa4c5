import type { Clock, Enricher, Receiver, SampleConsumer, SampleMetrics } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import type { Logger } from 'pino';
import type { AlertsOptions } from '../alerts/alertOptions.ts';
import type { TelemetryOut } from '../events/eventOutput.ts';
import type { EventStream } from '../events/eventStream.ts';
import type { LogOptions } from '../logs/logOptions.ts';
import type { MetricsPage } from '../page/metricsPage.ts';
import type { MetricsPageOptions } from '../page/pageOptions.ts';
import type { RedactRule } from '../redact/redactRule.ts';
import type { Instrumentations } from '../trace/instrumentation.ts';
import type { Env } from './environment.ts';

/** Options of `startTelemetry`. All are optional; one that is absent comes from the environment. */
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
  /**
   * The name of this host among several: `benchlab.node` of the resource and the label `node` of every metric point. Else
   * OTEL_RESOURCE_ATTRIBUTES, else neither exists.
   */
  readonly node?: string;
  /** Further attributes of everything this process emits. They win over OTEL_RESOURCE_ATTRIBUTES. */
  readonly resourceAttributes?: Attributes;
  /** Where OTLP over gRPC is sent; false sends nothing. */
  readonly otlp?: OtlpOptions | false;
  /** Where the metrics page listens, which requests may read it and how it names things; false opens no page. */
  readonly metricsPage?: MetricsPageAddress | false;
  /**
   * Shows on the metrics page, in OpenMetrics, the spans in which histograms and counters were recorded.
   * Default true, unless OTEL_METRICS_EXEMPLAR_FILTER is `always_off`.
   */
  readonly exemplars?: boolean;
  /** Started and stopped with the telemetry. */
  readonly receivers?: readonly Receiver[];
  /** Further consumers of the samples of `receivers`: a `SampleHistory`, for example. */
  readonly consumers?: readonly SampleConsumer[];
  /**
   * They add attributes to signals and to the resource, in this order: enrichers, and names of those of
   * `@benchlab-otel/enrichers`. The names in TELEMETRY_ENRICHERS come before them.
   */
  readonly enrichers?: readonly (Enricher | string)[];
  /**
   * What may leave the process: rules that are applied last, to all signals at each exit (docs/redaction.md). Not set,
   * all leaves as it was recorded.
   */
  readonly redact?: readonly RedactRule[];
  /** Instrumentations of OpenTelemetry, enabled with the telemetry: `[getNodeAutoInstrumentations()]`. */
  readonly instrumentations?: Instrumentations;
  readonly log?: LogOptions;
  /** Where the stream of runtime events is written: a file, a FIFO or a writable stream (docs/event-stream.md). */
  readonly telemetryOut?: TelemetryOut;
  /** Alerts on the metrics of this process: rules, and where they are sent. Without it there are none. */
  readonly alerts?: AlertsOptions;
  /** Milliseconds between two exports of metrics. Else OTEL_METRIC_EXPORT_INTERVAL, else 60,000. */
  readonly metricExportIntervalMs?: number;
  /** Milliseconds that `shutdown()` and `flush()` may take. 5,000 unless set. */
  readonly shutdownTimeoutMs?: number;
  /**
   * Replaces `process.env`. The OpenTelemetry SDK still reads some variables of `process.env` itself: TLS, compression,
   * temporality, and headers of a name that is not set here.
   */
  readonly env?: Env;
  readonly clock?: Clock;
}

/** The option `otlp` of `startTelemetry`. */
export interface OtlpOptions {
  /** `http://HOST:PORT` (plain) or `https://HOST:PORT` (TLS), for all signals. */
  readonly endpoint?: string;
  /** Sent with every export: credentials, tenant. They win over headers of the same name in the environment. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds that one export may take. */
  readonly timeoutMs?: number;
}

/**
 * The options of `metricsPage()`. Else OTEL_EXPORTER_PROMETHEUS_HOST and _PORT, PROMETHEUS_PORT, TELEMETRY_METRICS_TOKEN,
 * TELEMETRY_METRICS_TOKEN_FILE, TELEMETRY_METRICS_HOSTS, and TELEMETRY_METRICS_UNPROTECTED=true for `allowUnprotected`.
 */
export type MetricsPageAddress = Pick<
  MetricsPageOptions,
  | 'host'
  | 'port'
  | 'token'
  | 'tokenFile'
  | 'tls'
  | 'allowUnprotected'
  | 'hosts'
  | 'translationStrategy'
  | 'scopeLabels'
  | 'health'
>;

/** Telemetry that runs. */
export interface Telemetry {
  /** Writes JSON lines; inside a span they carry `trace_id`, `span_id` and `trace_flags`. */
  readonly logger: Logger;
  /** Events of the runtime: launches, completions, diagnostics. They are discarded where `telemetryOut` is not set. */
  readonly events: Pick<EventStream, 'emit' | 'run' | 'counts'>;
  /** The address of the metrics page, `http://127.0.0.1:9464/metrics`; undefined without one. */
  readonly metricsUrl: string | undefined;
  /**
   * Answers a scrape in an HTTP server of the application (node:http, Express, Fastify), whether or not the page has its
   * own server: mount it at a path, and set `metricsPage: false` if that is to be the only way to the page.
   */
  readonly metricsHandler: MetricsPage['handler'];
  /** The metrics of the receivers' samples. A receiver that is not in `receivers` may send its samples here too. */
  readonly sampleMetrics: SampleMetrics;
  /** Collects all metrics as they are now, cumulative, so that code can compute figures from them. Rejects after the shutdown. */
  readonly collectMetrics: () => Promise<CollectionResult>;
  /** Exports all that has ended so far. Resolves after `shutdownTimeoutMs` at the latest, and never rejects. */
  flush(): Promise<void>;
  /** Stops the receivers, exports what is left and closes the page. May be called twice; it never rejects. */
  shutdown(): Promise<ShutdownReport>;
}

/** What was lost or late when `shutdown()` ended. */
export interface ShutdownReport {
  /** Sampled spans that ended and that no collector acknowledged, since the start. 0 where traces are not exported. */
  readonly droppedSpans: number;
  /** True when something did not finish within `shutdownTimeoutMs`. */
  readonly timedOut: boolean;
}
