import { type AttributeName, type MetricDefinition, prometheusLabel, prometheusName } from '@benchlab-otel/core';

/** What the reader chose in the dashboard's variables. An empty instance is a service that gave itself none. */
const chosen: readonly string[] = ['job=~"$job"', 'instance=~"$instance"'];

/**
 * The series of a metric, as the variables narrow them: `hw_power_watts{job=~"$job",instance=~"$instance"}`. Names come
 * from the registry alone, so a panel cannot ask for a series that nothing emits.
 */
export function selector(metric: MetricDefinition, ...matchers: readonly string[]): string {
  return `${prometheusName(metric)}{${[...chosen, ...matchers].join(',')}}`;
}

/** A matcher on an attribute of the registry: `matching(attribute.hwId, '=~', '$board')`. */
export function matching(attribute: AttributeName, operator: '=' | '!=' | '=~' | '!~', value: string): string {
  return `${prometheusLabel(attribute)}${operator}"${value}"`;
}

/** Labels for a `by` clause or a legend, from attributes of the registry. */
export function labels(...attributes: readonly AttributeName[]): string {
  return attributes.map(prometheusLabel).join(', ');
}

/** Where an attribute stands in a legend. */
export function legend(attribute: AttributeName): string {
  return `{{${prometheusLabel(attribute)}}}`;
}
