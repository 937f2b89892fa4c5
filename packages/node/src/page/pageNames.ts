import { type MetricDefinition, prometheusLabel, type TranslationStrategy, translatedName } from '@benchlab-otel/core';
import type { Escaping } from './pageFormat.ts';

/** The names on a page: translated by the strategy of the page, then escaped as its reader asks. */
export interface PageNames {
  metric(definition: Pick<MetricDefinition, 'name' | 'unit' | 'instrument'>): string;
  /** A name that no strategy translates: `target_info`. */
  given(name: string): string;
  /** Empty for an empty key. */
  label(key: string): string;
}

export function hasUtf8Names(strategy: TranslationStrategy): boolean {
  return strategy === 'NoTranslation' || strategy === 'NoUTF8EscapingWithSuffixes';
}

export function pageNames(strategy: TranslationStrategy, escaping: Escaping): PageNames {
  const metric = (definition: Parameters<PageNames['metric']>[0]) => translatedName(definition, strategy);
  if (!hasUtf8Names(strategy)) return { metric, given: (name) => name, label: prometheusLabel };
  return {
    metric: (definition) => escapedName(metric(definition), escaping, true),
    given: (name) => escapedName(name, escaping, true),
    label: (key) => escapedName(key, escaping, false),
  };
}

/** Whether a name needs no quotes on the page. */
export function isPlainName(name: string): boolean {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
}

/** Source: https://prometheus.io/docs/instrumenting/escaping_schemes/. A colon is allowed in names of metrics only. */
function escapedName(name: string, escaping: Escaping, isMetric: boolean): string {
  const isPlain = isPlainName(name) && (isMetric || !name.includes(':'));
  if (name === '' || escaping === 'allow-utf-8' || (isPlain && escaping !== 'dots')) return name;
  const characters = Array.from(name, (character, i) => {
    if (character === '_') return escaping === 'underscores' ? '_' : '__';
    if (/[a-zA-Z]/.test(character) || (isMetric && character === ':') || (i > 0 && /[0-9]/.test(character))) {
      return character;
    }
    if (escaping === 'values') return `_${(character.codePointAt(0) ?? 0).toString(16)}_`;
    if (escaping === 'underscores') return '_';
    return character === '.' ? '_dot_' : '__';
  });
  return `${escaping === 'values' ? 'U__' : ''}${characters.join('')}`;
}
