import type { MetricDefinition } from '../registry/definition.ts';
import { unitWords } from './prometheusUnit.ts';

/**
 * The Prometheus name of a metric, by the OpenTelemetry rules named UnderscoreEscapingWithSuffixes: the default of the
 * OTLP receiver of Prometheus and of the collector's Prometheus exporter. The samples of a histogram add `_bucket`,
 * `_sum` and `_count` to it. Empty when no character of the name can be kept.
 *
 * Source: OpenTelemetry specification, "Prometheus and OpenMetrics compatibility", as implemented by the translator
 * that Prometheus and the collector share (github.com/prometheus/otlptranslator 1.0).
 *
 * @example prometheusName({ name: 'hw.energy', unit: 'J', instrument: 'counter' }) // 'hw_energy_joules_total'
 */
export function prometheusName(definition: Pick<MetricDefinition, 'name' | 'unit' | 'instrument'>): string {
  const words = definition.name.split(/[^a-zA-Z0-9:]+/).filter((word) => word !== '');
  const { main, per } = unitWords(definition.unit);
  let named = words.includes(main) ? words : [...words, main];
  named = [...named, per].filter((word) => word !== '');
  if (definition.instrument === 'counter') named = atEnd(named, 'total');
  // The unit as written, untrimmed; and only for gauges, because many counters have the unit 1 by mistake.
  if (definition.unit === '1' && definition.instrument === 'gauge') named = atEnd(named, 'ratio');
  const name = named.join('_');
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/**
 * The words that the unit of a metric adds to its name, as a page of OpenMetrics states them: `joules`, `bytes_per_second`.
 * Empty where it adds none.
 */
export function prometheusUnit({ unit, instrument }: Pick<MetricDefinition, 'unit' | 'instrument'>): string {
  const plain = instrument === 'counter' ? 'updowncounter' : instrument; // else it adds `total` too
  return prometheusName({ name: 'x', unit, instrument: plain }).slice('x_'.length);
}

/**
 * The Prometheus label name of an attribute, as the OTLP receiver of Prometheus makes it by default: repeated underscores
 * are kept, a leading digit and a single leading underscore get a prefix. Names that begin with two underscores stay; they
 * are reserved, so code that exposes them must rename them. Empty for an empty name.
 *
 * @example prometheusLabel('hw.sensor_location') // 'hw_sensor_location'
 */
export function prometheusLabel(name: string): string {
  const label = name.replace(/[^a-zA-Z0-9_]/gu, '_');
  if (/^[0-9]/.test(label)) return `key_${label}`;
  return /^_(?!_)/.test(label) ? `key${label}` : label;
}

function atEnd(words: readonly string[], last: string): string[] {
  return [...words.filter((word) => word !== last), last];
}
