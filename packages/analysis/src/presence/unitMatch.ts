import { prometheusName } from '@benchlab-otel/core';
import type { ObservedSeries } from './observed.ts';

/**
 * Whether a family has the unit. OTLP states `s`, a page `seconds`, and a page without `# UNIT` has it in the name alone.
 * A unit in braces (`{token}`) and the unit 1 have no word: a page does not state them, and then they are taken as met.
 */
export function hasUnit({ name, unit }: Pick<ObservedSeries, 'name' | 'unit'>, wanted: string): boolean {
  const word = wordOf(wanted);
  if (unit !== undefined && unit !== '') return unit === wanted || wordOf(unit) === word;
  return word === '' || `_${name}_`.includes(`_${word}_`);
}

/** The unit as a word in Prometheus names. A word stays as it is. */
function wordOf(unit: string): string {
  return prometheusName({ name: 'x', unit, instrument: 'updowncounter' }).replace(/^x_?/, '');
}
