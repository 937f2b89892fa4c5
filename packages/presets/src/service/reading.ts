import type { MetricDefinition } from '@benchlab-otel/core';
import { type DataPoint, DataPointType, type Histogram, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Distribution } from './histogramQuantile.ts';

type Labels = Readonly<Record<string, string>>;

/** The values of metrics at one instant, as a reader has collected them, over all scopes. A missing value is undefined. */
export class Reading {
  readonly #metrics: ResourceMetrics['scopeMetrics'][number]['metrics'];

  constructor(collected: Pick<ResourceMetrics, 'scopeMetrics'>) {
    this.#metrics = collected.scopeMetrics.flatMap(({ metrics }) => metrics);
  }

  /** The sum of a counter over the series that have these labels. */
  total(definition: MetricDefinition, where: Labels = {}): number | undefined {
    return this.#numbers(definition, where).reduce<number | undefined>(
      (sum, { value }) => (sum ?? 0) + value,
      undefined,
    );
  }

  /** The greatest value among the series of a gauge that have these labels. */
  value(definition: MetricDefinition, where: Labels = {}): number | undefined {
    const values = this.#numbers(definition, where).map(({ value }) => value);
    return values.length === 0 ? undefined : Math.max(...values);
  }

  /** The sums of a counter by one label; series without that label are left out. */
  byLabel(definition: MetricDefinition, label: string): ReadonlyMap<string, number> {
    const totals = new Map<string, number>();
    for (const { attributes, value } of this.#numbers(definition, {})) {
      const name = attributes[label];
      if (typeof name === 'string') totals.set(name, (totals.get(name) ?? 0) + value);
    }
    return totals;
  }

  /** A histogram, summed over all its series that have the same bounds as the first. */
  distribution(definition: MetricDefinition): Distribution | undefined {
    let merged: Distribution | undefined;
    for (const metric of this.#named(definition)) {
      if (metric.dataPointType !== DataPointType.HISTOGRAM) continue;
      for (const { value } of metric.dataPoints) merged = add(merged, value);
    }
    return merged;
  }

  #named({ name }: MetricDefinition) {
    return this.#metrics.filter(({ descriptor }) => descriptor.name === name);
  }

  #numbers(definition: MetricDefinition, where: Labels): readonly DataPoint<number>[] {
    const points = this.#named(definition).flatMap((metric) =>
      metric.dataPointType === DataPointType.SUM || metric.dataPointType === DataPointType.GAUGE
        ? metric.dataPoints
        : [],
    );
    return points.filter(({ attributes }) => Object.entries(where).every(([key, value]) => attributes[key] === value));
  }
}

function add(merged: Distribution | undefined, { buckets, sum = 0 }: Histogram): Distribution {
  const { boundaries, counts } = buckets;
  if (merged === undefined) return { boundaries, counts, sum };
  if (boundaries.some((bound, i) => bound !== merged.boundaries[i])) return merged;
  return { boundaries, counts: counts.map((count, i) => count + (merged.counts[i] ?? 0)), sum: merged.sum + sum };
}
