import { type MetricDefinition, prometheusLabel, prometheusName } from '@benchlab-otel/core';

/** What the reader chose in the dashboard's variables. An empty instance is a service that gave itself none. */
const chosen: readonly string[] = ['job=~"$job"', 'instance=~"$instance"'];

/**
 * The series of a metric, as the variables narrow them: `hw_power_watts{job=~"$job",instance=~"$instance"}`. Names come
 * from the registry alone, so a panel cannot ask for a series that nothing emits.
 */
export function selector(metric: MetricDefinition, ...matchers: readonly string[]): string {
  return named(prometheusName(metric), ...matchers);
}

/** The buckets of a histogram. */
export function buckets(metric: MetricDefinition, ...matchers: readonly string[]): string {
  return named(`${prometheusName(metric)}_bucket`, ...matchers);
}

/** How many values a histogram has. */
export function countOf(metric: MetricDefinition, ...matchers: readonly string[]): string {
  return named(`${prometheusName(metric)}_count`, ...matchers);
}

/** The sum of the values of a histogram. */
export function sumOf(metric: MetricDefinition, ...matchers: readonly string[]): string {
  return named(`${prometheusName(metric)}_sum`, ...matchers);
}

/** Series of another program (foreign-series.json) or of a recording rule that keeps job and instance. */
export function named(series: string, ...matchers: readonly string[]): string {
  return `${series}{${[...chosen, ...matchers].join(',')}}`;
}

/** Series that have no instance: of a recording rule by job. */
export function namedByJob(series: string, ...matchers: readonly string[]): string {
  return `${series}{${[chosen[0], ...matchers].join(',')}}`;
}

/** A matcher on an attribute of the registry: `matching(attribute.hwId, '=~', '$board')`. */
export function matching(attribute: string, operator: '=' | '!=' | '=~' | '!~', value: string): string {
  return `${prometheusLabel(attribute)}${operator}"${value}"`;
}

/** Labels for a `by` clause, from attributes of the registry. */
export function labels(attributes: readonly string[]): string {
  return attributes.map(prometheusLabel).join(', ');
}

/** Where an attribute stands in a legend. */
export function legend(attribute: string): string {
  return `{{${prometheusLabel(attribute)}}}`;
}
