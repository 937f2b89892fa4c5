import { type ChannelCredentials, credentials, Metadata } from '@grpc/grpc-js';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import {
  type AggregationOption,
  AggregationType,
  InstrumentType,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { OtlpTarget } from './otlpTarget.ts';

export function otlpSpanExporter(target: OtlpTarget): SpanExporter {
  return new OTLPTraceExporter(settings(target));
}

export function otlpMetricExporter(target: OtlpTarget, hasExponentialHistograms = false): PushMetricExporter {
  return new OTLPMetricExporter({
    ...settings(target),
    ...(hasExponentialHistograms && { aggregationPreference }),
  });
}

/** The exporter does not read OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION itself. */
function aggregationPreference(instrument: InstrumentType): AggregationOption {
  const isHistogram = instrument === InstrumentType.HISTOGRAM;
  return { type: isHistogram ? AggregationType.EXPONENTIAL_HISTOGRAM : AggregationType.DEFAULT };
}

export function otlpLogExporter(target: OtlpTarget): LogRecordExporter {
  return new OTLPLogExporter(settings(target));
}

interface ExporterSettings {
  readonly url: string;
  readonly timeoutMillis: number;
  readonly metadata: Metadata;
  readonly credentials?: ChannelCredentials;
}

/** The exporters themselves read the OTEL_EXPORTER_OTLP_* variables of TLS certificates and compression. */
function settings(target: OtlpTarget): ExporterSettings {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(target.headers)) metadata.set(name, value);
  // A socket of this host needs no TLS, which the exporter would use for all but http://.
  const socket = target.endpoint.startsWith('unix:') ? { credentials: credentials.createInsecure() } : {};
  return { url: target.endpoint, timeoutMillis: target.timeoutMs, metadata, ...socket };
}
