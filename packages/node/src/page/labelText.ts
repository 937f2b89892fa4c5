import { prometheusLabel } from '@benchlab-otel/sdk';
import type { Attributes, AttributeValue } from '@opentelemetry/api';

/**
 * Attributes as Prometheus labels: `a="b",c="d"`, sorted by label, without braces. What `constant` has is added where
 * there is no such attribute. On a histogram the label `le` belongs to the buckets.
 *
 * The rules are those of Prometheus' OTLP receiver: values of keys that become one label are joined with `;` in the order of the
 * keys, and a label without a value is no label. (It is none for Prometheus either: were it written, two series that
 * differ in it alone would be the same series twice.)
 */
export function labelText(attributes: Attributes, constant: Attributes = {}, isHistogram = false): string {
  const labels = new Map<string, string>();
  for (const key of Object.keys(attributes).sort()) {
    const label = labelName(key, isHistogram);
    const value = valueText(attributes[key]);
    const joined = labels.get(label);
    if (label !== '') labels.set(label, joined ? `${joined};${value}` : value);
  }
  for (const [label, value] of Object.entries(constant)) {
    if (!labels.get(label)) labels.set(label, valueText(value));
  }
  const written = [...labels].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1));
  return written.map(([label, value]) => `${label}="${escaped(value)}"`).join();
}

function labelName(key: string, isHistogram: boolean): string {
  const label = prometheusLabel(key);
  // Prometheus keeps two leading underscores for itself, and `le` for the buckets of a histogram.
  const isReserved = label.startsWith('__') || (isHistogram && label === 'le');
  return isReserved ? `exported_${label}` : label;
}

/** As the collector writes attribute values: true, 1.5, ["a","b"]. */
function valueText(value: AttributeValue | undefined): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
