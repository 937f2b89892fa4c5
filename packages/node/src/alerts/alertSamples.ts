import { type Instrument, prometheusLabels, prometheusName } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** The value of one series, with its name and labels as on the metrics page. */
export interface AlertSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * The series of `wanted` names in what was collected: the value of sums and gauges, `_count` and `_sum` of histograms.
 *
 * @param constant labels of every series
 */
export function alertSamples(
  metrics: ResourceMetrics,
  wanted: ReadonlySet<string>,
  constant: Attributes,
): readonly AlertSample[] {
  return metrics.scopeMetrics.flatMap((scope) =>
    scope.metrics.flatMap((metric) => samplesOf(metric, wanted, constant)),
  );
}

function samplesOf(metric: MetricData, wanted: ReadonlySet<string>, constant: Attributes): readonly AlertSample[] {
  const { name, unit } = metric.descriptor;
  const family = prometheusName({ name, unit, instrument: instrumentOf(metric) });
  const labelsOf = (attributes: Attributes) => Object.fromEntries(prometheusLabels(attributes, { constant }));
  if (metric.dataPointType === DataPointType.SUM || metric.dataPointType === DataPointType.GAUGE) {
    if (!wanted.has(family)) return [];
    return metric.dataPoints.map(({ attributes, value }) => ({ name: family, labels: labelsOf(attributes), value }));
  }
  return metric.dataPoints.flatMap(({ attributes, value: { count, sum } }) => {
    const parts = [
      [`${family}_count`, count],
      [`${family}_sum`, sum],
    ] as const;
    return parts.flatMap(([part, value]) =>
      value === undefined || !wanted.has(part) ? [] : [{ name: part, labels: labelsOf(attributes), value }],
    );
  });
}

function instrumentOf(metric: MetricData): Instrument {
  if (metric.dataPointType === DataPointType.SUM) return metric.isMonotonic ? 'counter' : 'updowncounter';
  return metric.dataPointType === DataPointType.GAUGE ? 'gauge' : 'histogram';
}
