import { Metadata } from '@grpc/grpc-js';
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
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
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

/** The exporters themselves read the OTEL_EXPORTER_OTLP_* variables of TLS certificates and compression. */
function settings(target: OtlpTarget): { url: string; timeoutMillis: number; metadata: Metadata } {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(target.headers)) metadata.set(name, value);
  return { url: target.endpoint, timeoutMillis: target.timeoutMs, metadata };
}
