import { coreFamilies, joinFamilies } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { labelsOf } from './labelsOf.ts';
import { parsePromql } from './parsePromql.ts';
import { SeriesCatalogue } from './seriesCatalogue.ts';

const foreign = {
  targetLabels: [],
  programs: [
    {
      program: 'x',
      version: '1',
      series: [
        { name: 'a', type: 'gauge', labels: ['x', 'y'] },
        { name: 'b', type: 'gauge', labels: ['x', 'z'] },
        { name: 'h', type: 'histogram', labels: ['x'] },
      ],
    },
  ],
};
const catalogue = new SeriesCatalogue(joinFamilies(coreFamilies), foreign);
/** On every series, and of no interest here. */
const ofTargets = catalogue.targetLabels;

test.each([
  ['a', 'x y'],
  ['sum(a)', ''],
  ['sum by (x) (a)', 'x'],
  ['sum by (q) (a)', ''],
  ['sum without (x) (a)', 'y'],
  ['topk(1, a)', 'x y'],
  ['count_values("v", a)', 'v'],
  ['rate(h_bucket[5m])', 'le x'],
  ['histogram_quantile(0.5, rate(h_bucket[5m]))', 'x'],
  ['a + on (x) b', 'x'],
  ['a + ignoring (y, z) b', 'x'],
  ['a * on (x) group_left (z) b', 'x y z'],
  ['a * on (x) group_left () b', 'x y'],
  ['a and on (x) b', 'x y'],
  ['a or b', 'x y z'],
  ['a > 1', 'x y'],
  ['1 - a', 'x y'],
  ['vector(1)', ''],
  ['scalar(a) + a', 'x y'],
  ['absent(a{x="1",y=~"2"})', 'x'],
  ['label_replace(a, "new", "$1", "x", "(.*)")', 'new x y'],
  ['unknown', 'open'],
  ['sum by (q) (unknown)', 'q'],
])('%s has the labels %s', (text, expected) => {
  const parsed = parsePromql(text);
  if ('error' in parsed) throw new Error(parsed.error.message);

  const { names, isOpen } = labelsOf(parsed.expression, catalogue);

  expect(
    isOpen
      ? 'open'
      : [...names]
          .filter((name) => !ofTargets.has(name))
          .sort()
          .join(' '),
  ).toBe(expected);
});

test('the parts of a histogram are counters, and its labels those of the registry', () => {
  expect(catalogue.find('benchlab_call_duration_seconds_bucket')).toMatchObject({ type: 'counter' });
  expect(catalogue.find('benchlab_call_duration_seconds_bucket')?.labels).toContain('le');
  expect(catalogue.find('benchlab_call_duration_seconds')).toBeUndefined();
  expect(catalogue.find('hw_power_watts')).toMatchObject({ type: 'gauge', unit: 'W', origin: 'the registry' });
});
