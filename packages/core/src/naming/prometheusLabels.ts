import type { Attributes, AttributeValue } from '@opentelemetry/api';
import { prometheusLabel } from './prometheusName.ts';

export interface LabelOptions {
  /** Labels that are added where no attribute has the same label. */
  readonly constant?: Attributes;
  /** On a histogram the label `le` belongs to the buckets. */
  readonly isHistogram?: boolean;
  /** Makes a label of a key. Default `prometheusLabel`. */
  readonly labelName?: (key: string) => string;
}

/**
 * Attributes as Prometheus labels, sorted by label.
 *
 * The rules are those of Prometheus' OTLP receiver: values of keys that become one label are joined with `;` in the order
 * of the keys, and a label with an empty value is left out. (Prometheus ignores such a label: two series that differ only
 * in it would be the same series twice.)
 */
export function prometheusLabels(
  attributes: Attributes,
  { constant = {}, isHistogram = false, labelName = prometheusLabel }: LabelOptions = {},
): readonly (readonly [string, string])[] {
  const labels = new Map<string, string>();
  for (const key of Object.keys(attributes).sort()) {
    const label = unreserved(labelName(key), isHistogram);
    const value = valueText(attributes[key]);
    const joined = labels.get(label);
    if (label !== '') labels.set(label, joined ? `${joined};${value}` : value);
  }
  for (const [key, value] of Object.entries(constant)) {
    const label = labelName(key);
    if (!labels.get(label)) labels.set(label, valueText(value));
  }
  return [...labels].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1));
}

function unreserved(label: string, isHistogram: boolean): string {
  // Prometheus reserves two leading underscores for itself, and `le` for the buckets of a histogram.
  const isReserved = label.startsWith('__') || (isHistogram && label === 'le');
  return isReserved ? `exported_${label}` : label;
}

/** As the collector writes attribute values: true, 1.5, ["a","b"]. */
function valueText(value: AttributeValue | undefined): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}
