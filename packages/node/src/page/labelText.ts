import { prometheusLabel, prometheusLabels } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { quoted } from './exposition.ts';

/**
 * Attributes as Prometheus labels: `a="b",c="d"`, sorted by label, without braces. Labels of `constant` are added where
 * no attribute has the same label. On a histogram the label `le` belongs to the buckets. `labelName` makes a label of a
 * key. The rules are those of `prometheusLabels`.
 */
export function labelText(
  attributes: Attributes,
  constant: Attributes = {},
  isHistogram = false,
  labelName: (key: string) => string = prometheusLabel,
): string {
  const labels = prometheusLabels(attributes, { constant, isHistogram, labelName });
  return labels.map(([label, value]) => `${isPlainLabel(label) ? label : quoted(label)}=${quoted(value)}`).join();
}

function isPlainLabel(label: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label);
}
