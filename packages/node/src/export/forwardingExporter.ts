import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';

/** `inner` with another `export`. */
export function forwardingExporter(
  inner: PushMetricExporter,
  exportMetrics: PushMetricExporter['export'],
): PushMetricExporter {
  return {
    export: exportMetrics,
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
    ...(inner.selectAggregation && { selectAggregation: inner.selectAggregation.bind(inner) }),
    ...(inner.selectAggregationTemporality && {
      selectAggregationTemporality: inner.selectAggregationTemporality.bind(inner),
    }),
  };
}
