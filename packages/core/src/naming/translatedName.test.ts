import { describe, expect, it } from 'vitest';
import type { Instrument } from '../registry/definition.ts';
import { type TranslationStrategy, translatedName } from './translatedName.ts';

describe('translatedName', () => {
  it.each<[TranslationStrategy, string, string, Instrument, string]>([
    ['UnderscoreEscapingWithSuffixes', 'hw.energy', 'J', 'counter', 'hw_energy_joules_total'],
    ['UnderscoreEscapingWithoutSuffixes', 'hw.energy', 'J', 'counter', 'hw_energy'],
    ['UnderscoreEscapingWithoutSuffixes', 'a__b..c', '', 'gauge', 'a__b_c'],
    ['UnderscoreEscapingWithoutSuffixes', '.9lives.', '', 'gauge', '_9lives'],
    ['UnderscoreEscapingWithoutSuffixes', '@#%', '', 'gauge', ''],
    ['NoUTF8EscapingWithSuffixes', 'hw.energy', 'J', 'counter', 'hw.energy_joules_total'],
    ['NoUTF8EscapingWithSuffixes', 'hw.gpu.utilization', '1', 'gauge', 'hw.gpu.utilization_ratio'],
    ['NoUTF8EscapingWithSuffixes', 'used.ratio', '1', 'gauge', 'used_ratio'],
    ['NoUTF8EscapingWithSuffixes', 'requests.total', '{request}', 'counter', 'requests_total'],
    ['NoUTF8EscapingWithSuffixes', 'total', '', 'counter', 'total_total'],
    ['NoUTF8EscapingWithSuffixes', 'net.bytes', 'By/s', 'gauge', 'net.bytes_per_second'],
    ['NoUTF8EscapingWithSuffixes', 'größe 1', 'm', 'gauge', 'größe 1_meters'],
    ['NoTranslation', 'hw.energy', 'J', 'counter', 'hw.energy'],
  ])('under %s names %s in "%s" as a %s %s', (strategy, name, unit, instrument, expected) => {
    expect(translatedName({ name, unit, instrument }, strategy)).toBe(expected);
  });
});
