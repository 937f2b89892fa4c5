import type { Attributes } from '@opentelemetry/api';
import type { MetricDefinition } from '../registry/definition.ts';

/** One metric and its points, in no exporter's terms. */
export interface MetricFamily {
  readonly definition: MetricDefinition;
  readonly points: readonly MetricPoint[];
}

/** One value of one series. */
export interface MetricPoint {
  /** The same object at every collection of the series, so that what is derived from it can be kept by identity. */
  readonly attributes: Attributes;
  /** In the unit of the definition. */
  readonly value: number;
  /** Of a counter: when it was 0, CLOCK_MONOTONIC, ns. */
  readonly startTimeNs?: number;
}

/** Gathers points by metric, each metric once. */
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
