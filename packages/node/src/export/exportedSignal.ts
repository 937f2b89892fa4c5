import { type MetricDefinition, metric } from '@benchlab-otel/core';

/** The names of an export queue and of its metrics: semantic conventions 1.45, with the values of `otel.component.type`. */
export interface ExportedSignal {
  readonly processorType: string;
  readonly exporterType: string;
  readonly processed: MetricDefinition;
  readonly queueSize: MetricDefinition;
  readonly queueCapacity: MetricDefinition;
  readonly exported: MetricDefinition;
  readonly inFlight: MetricDefinition;
}

export const exportedSpans: ExportedSignal = {
  processorType: 'batching_span_processor',
  exporterType: 'otlp_grpc_span_exporter',
  processed: metric.otelSdkProcessorSpanProcessed,
  queueSize: metric.otelSdkProcessorSpanQueueSize,
  queueCapacity: metric.otelSdkProcessorSpanQueueCapacity,
  exported: metric.otelSdkExporterSpanExported,
  inFlight: metric.otelSdkExporterSpanInflight,
};

export const exportedLogs: ExportedSignal = {
  processorType: 'batching_log_processor',
  exporterType: 'otlp_grpc_log_exporter',
  processed: metric.otelSdkProcessorLogProcessed,
  queueSize: metric.otelSdkProcessorLogQueueSize,
  queueCapacity: metric.otelSdkProcessorLogQueueCapacity,
  exported: metric.otelSdkExporterLogExported,
  inFlight: metric.otelSdkExporterLogInflight,
};
