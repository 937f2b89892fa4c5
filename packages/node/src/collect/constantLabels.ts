import type { Attributes } from '@opentelemetry/api';
import type { DataPoint, MetricData, PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { forwardingExporter } from '../export/forwardingExporter.ts';

/**
 * An exporter whose points carry further attributes, like those of the metrics page: labels of the process (`environment`, `node`) and
 * constant fields of enrichers; a point that has one itself keeps it. The SDK's own data stays unchanged. The SDK returns the same attributes object for a series each time, so each
 * object is extended once.
 */
export function withConstantLabels(inner: PushMetricExporter, labels: Attributes): PushMetricExporter {
  const labelled = labelledBy(labels);
  return forwardingExporter(inner, (metrics, done) => inner.export(labelled(metrics), done));
}

/** Metrics whose points carry `labels` too, as `withConstantLabels` exports them. */
export function labelledBy(labels: Attributes): (metrics: ResourceMetrics) => ResourceMetrics {
  const extended = new WeakMap<Attributes, Attributes>();

  function label<T>(point: DataPoint<T>): DataPoint<T> {
    let attributes = extended.get(point.attributes);
    if (attributes === undefined) {
      attributes = { ...labels, ...point.attributes };
      extended.set(point.attributes, attributes);
    }
    return { startTime: point.startTime, endTime: point.endTime, value: point.value, attributes };
  }

  return (metrics) => ({
    resource: metrics.resource,
    scopeMetrics: metrics.scopeMetrics.map((scope) => ({
      scope: scope.scope,
      metrics: scope.metrics.map((metric) => {
        const points: readonly DataPoint<unknown>[] = metric.dataPoints;
        // The kind of point stays that of the metric, which the type of a spread union does not show.
        return { ...metric, dataPoints: points.map(label) } as MetricData;
      }),
    })),
  });
}
