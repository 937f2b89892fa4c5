import { type MetricDefinition, prometheusLabel } from '@benchlab-otel/core';

/** What one series of a process is about: the metric, its labels, and how large it is. */
export interface DataReading {
  readonly metric: MetricDefinition;
  /** By label name, without those of the process. */
  readonly labels: Readonly<Record<string, string>>;
  /** A gauge has this value, a counter grows by it each second, a histogram takes that number of observations a second. */
  readonly base: number;
  /** A state that changes: its value at an instant, instead of the base. */
  readonly at?: (instant: number) => number;
}

/** A reading from attributes by their OpenTelemetry names. One that the metric does not have is left out. */
export function reading(
  metric: MetricDefinition,
  attributes: Readonly<Record<string, string>>,
  base: number,
  at?: DataReading['at'],
): DataReading {
  const own = Object.entries(attributes).filter(([name]) => metric.attributes.includes(name));
  const labels = Object.fromEntries(own.map(([name, value]) => [prometheusLabel(name), value]));
  return { metric, labels, base, ...(at === undefined ? {} : { at }) };
}
