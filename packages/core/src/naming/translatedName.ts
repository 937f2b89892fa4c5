import type { MetricDefinition } from '../registry/definition.ts';
import { prometheusName } from './prometheusName.ts';
import { rawUnitWords } from './prometheusUnit.ts';

type Named = Pick<MetricDefinition, 'name' | 'unit' | 'instrument'>;

/**
 * How OpenTelemetry names become Prometheus names: whether dots, and all else that Prometheus 2 did not allow, become
 * underscores, and whether unit and type are added. The words are those of the Prometheus setting `translation_strategy`.
 */
export const translationStrategies = [
  'UnderscoreEscapingWithSuffixes',
  'UnderscoreEscapingWithoutSuffixes',
  'NoUTF8EscapingWithSuffixes',
  'NoTranslation',
] as const;

/** How names of OpenTelemetry become names of Prometheus: a value of its `translation_strategy`. */
export type TranslationStrategy = (typeof translationStrategies)[number];

/**
 * The name of a metric under any of the four strategies. Empty when nothing of the name can be kept.
 * Source: github.com/prometheus/otlptranslator 1.0, metric_namer.go.
 *
 * @example translatedName({ name: 'hw.energy', unit: 'J', instrument: 'counter' }, 'NoUTF8EscapingWithSuffixes') // 'hw.energy_joules_total'
 */
export function translatedName(definition: Named, strategy: TranslationStrategy): string {
  if (strategy === 'UnderscoreEscapingWithSuffixes') return prometheusName(definition);
  if (strategy === 'UnderscoreEscapingWithoutSuffixes') return plainName(definition.name);
  return strategy === 'NoTranslation' ? definition.name : dottedName(definition);
}

/** Underscores of the name itself stay, also repeated ones. */
function plainName(name: string): string {
  const words = name.split(/[^a-zA-Z0-9:_]+/).filter((word) => word !== '');
  const joined = words.join('_');
  const plain = /^[0-9]/.test(joined) ? `_${joined}` : joined;
  return plain !== name && /^_*$/.test(plain) ? '' : plain;
}

/** The unchanged name, with the suffixes that it does not end with yet. */
function dottedName({ name, unit, instrument }: Named): string {
  const { main, per } = rawUnitWords(unit);
  const total = instrument === 'counter' ? 'total' : '';
  const ratio = unit === '1' && instrument === 'gauge' ? 'ratio' : '';
  let stem = name;
  for (const suffix of [ratio, total, per]) stem = without(stem, suffix);
  const measured = stem.endsWith(main) ? '' : main;
  return [stem, measured, per, total, ratio].filter((part) => part !== '').join('_');
}

/** Without the suffix and the character before it: any character there counts as a delimiter. */
function without(name: string, suffix: string): string {
  const isThere = suffix !== '' && name.endsWith(suffix) && name.length > suffix.length + 1;
  return isThere ? name.slice(0, -(suffix.length + 1)) : name;
}
