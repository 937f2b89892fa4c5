import { readFileSync } from 'node:fs';
import { coreFamilies, joinFamilies } from '@benchlab-otel/core';
import { describe, expect, test } from 'vitest';
import { lint } from '../../findings/lintKind.ts';
import { dashboardsKind } from '../dashboardsKind.ts';

const kind = dashboardsKind(joinFamilies(coreFamilies));
const read = (name: string) =>
  readFileSync(new URL(`../cases/panel-threshold-differs/${name}`, import.meta.url), 'utf8');
const file = (path: string, text: string) => ({ path, text, isNamed: false });
const rulesOf = (series: string) =>
  file('rules.yml', `groups: [{name: a, rules: [{alert: HostPowerHigh, expr: "${series} > 450", for: 1m}]}]\n`);

/** What is found in a panel of the power of the host with a step at these watts. */
function found(watts: number, unit = 'watt', beside: ReturnType<typeof file>[] = []): readonly string[] {
  const dashboard = JSON.parse(read('good.json'));
  const { defaults } = dashboard.panels[0].fieldConfig;
  defaults.unit = unit;
  defaults.thresholds.steps[1].value = watts;
  const files = [
    file('a.json', JSON.stringify(dashboard)),
    file('thresholds.json', read('thresholds.json')),
    ...beside,
  ];
  return lint(kind, files)
    .filter(({ rule }) => rule === 'panel-threshold-differs')
    .map(({ message }) => message);
}

describe('a step of a panel', () => {
  test('is the number of the alert on what it shows, on either side of 0', () => {
    expect(found(450)).toEqual([]);
    expect(found(-450)).toEqual([]);
    expect(found(449)).toEqual([expect.stringContaining('The step 449 is not a number of thresholds.json')]);
  });

  test('is in the unit of the panel', () => {
    expect(found(0.45, 'kwatt')).toEqual([]);
    expect(found(450, 'kwatt')).toHaveLength(1);
    expect(found(450, 'volt')).toHaveLength(1);
  });

  test('is not that of an alert on other series', () => {
    expect(found(450, 'watt', [rulesOf('hw_host_power_watts')])).toEqual([]);
    expect(found(450, 'watt', [rulesOf('hw_fan_speed_rpm')])).toEqual([
      expect.stringContaining('The step 450 is that of the alert HostPowerHigh, which is about other series.'),
    ]);
  });

  test('is that of an alert on a recording of the same series', () => {
    const recording = (expr: string) =>
      file('more.yml', `groups: [{name: b, rules: [{record: "host:power:max", expr: "${expr}"}]}]\n`);

    expect(found(450, 'watt', [rulesOf('host:power:max'), recording('max(hw_host_power_watts)')])).toEqual([]);
    expect(found(450, 'watt', [rulesOf('host:power:max'), recording('max(host:power:max)')])).toHaveLength(1);
  });
});
