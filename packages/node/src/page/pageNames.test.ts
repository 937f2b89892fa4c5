import { describe, expect, it } from 'vitest';
import type { Escaping } from './pageFormat.ts';
import { pageNames } from './pageNames.ts';

const energy = { name: 'hw.energy', unit: 'J', instrument: 'counter' } as const;

describe('pageNames', () => {
  // Examples of https://prometheus.io/docs/instrumenting/escaping_schemes/ are included.
  it.each<[Escaping, string, string]>([
    ['allow-utf-8', 'mysystem.prod.west.cpu.load', 'mysystem.prod.west.cpu.load'],
    ['underscores', 'mysystem.prod.west.cpu.load', 'mysystem_prod_west_cpu_load'],
    ['dots', 'mysystem.prod.west.cpu.load', 'mysystem_dot_prod_dot_west_dot_cpu_dot_load'],
    ['dots', 'mysystem.prod.west.cpu.load_total', 'mysystem_dot_prod_dot_west_dot_cpu_dot_load__total'],
    ['values', 'mysystem.prod.west.cpu.load', 'U__mysystem_2e_prod_2e_west_2e_cpu_2e_load'],
    ['dots', 'no:escaping_required', 'no:escaping__required'],
    ['values', 'no:escaping_required', 'no:escaping_required'],
    ['underscores', 'http.status:sum', 'http_status:sum'],
    ['values', '1_größe', 'U___31___gr_f6__df_e'],
    ['underscores', '😀.x', '__x'],
  ])('with %s, %s is read as %s', (escaping, name, expected) => {
    expect(pageNames('NoTranslation', escaping).given(name)).toBe(expected);
  });

  it('metrics are first translated, then escaped', () => {
    expect(pageNames('NoUTF8EscapingWithSuffixes', 'allow-utf-8').metric(energy)).toBe('hw.energy_joules_total');
    expect(pageNames('NoUTF8EscapingWithSuffixes', 'underscores').metric(energy)).toBe('hw_energy_joules_total');
    expect(pageNames('UnderscoreEscapingWithoutSuffixes', 'dots').metric(energy)).toBe('hw_energy');
  });

  it('labels keep their dots where names keep them, and have no colons elsewhere', () => {
    expect(pageNames('NoTranslation', 'allow-utf-8').label('hw.id:x')).toBe('hw.id:x');
    expect(pageNames('NoTranslation', 'underscores').label('hw_id:x')).toBe('hw_id_x');
    expect(pageNames('UnderscoreEscapingWithSuffixes', 'underscores').label('1.id')).toBe('key_1_id');
    expect(pageNames('NoTranslation', 'values').label('')).toBe('');
  });
});
