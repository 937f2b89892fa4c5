import type { Attributes } from '@opentelemetry/api';
import type { MetricDefinition } from '../registry/definition.ts';

/** One metric and its points, independent of any exporter. */
export interface MetricFamily {
  readonly definition: MetricDefinition;
  readonly points: readonly MetricPoint[];
}

/** One value of one series. */
export interface MetricPoint {
  /** The same object at every collection of the series, so that derived values can be kept by its identity. */
  readonly attributes: Attributes;
  /** In the unit of the definition. */
  readonly value: number;
  /** For a counter, the instant when it was 0: CLOCK_MONOTONIC, ns. */
  readonly startTimeNs?: number;
}

/** Groups points by metric, each metric once. */
export class MetricFamilies {
  readonly #points = new Map<MetricDefinition, MetricPoint[]>();

  add(definition: MetricDefinition, attributes: Attributes, value: number, startTimeNs?: number): void {
    const point = startTimeNs === undefined ? { attributes, value } : { attributes, value, startTimeNs };
    const points = this.#points.get(definition);
    if (points === undefined) this.#points.set(definition, [point]);
    else points.push(point);
  }

  all(): readonly MetricFamily[] {
    return [...this.#points].map(([definition, points]) => ({ definition, points }));
  }
}
