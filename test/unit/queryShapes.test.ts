import { expect, test } from 'vitest';
import { builtIn, substituted } from '../../monitoring/src/execution/chosen.ts';
import { doubledLines, shapeFaults } from '../stack/queries/shapeFaults.ts';

const shape = { series: { min: 1, max: 2 }, labels: ['job', 'hw_id'], min: 0, max: 10 };
const series = (labels: Readonly<Record<string, string>>, ...values: readonly number[]) => ({ labels, values });

test('a result as declared has no fault', () => {
  expect(shapeFaults([series({ job: 'a', hw_id: 'b' }, 0, 10)], shape)).toEqual([]);
});

test.each([
  ['no series', [], 'It returns 0 series, and declares 1 to 2.'],
  [
    'a label that is not declared',
    [series({ job: 'a', hw_id: 'b', pid: '1' }, 1)],
    'It returns the label pid, which it does not declare.',
  ],
  [
    'a declared label that is missing',
    [series({ job: 'a' }, 1)],
    'It declares the label hw_id, which is on no series.',
  ],
  ['a value that is not finite', [series({ job: 'a', hw_id: 'b' }, 1, Number.NaN)], '1 of 2 values are not finite.'],
  ['a value out of range', [series({ job: 'a', hw_id: 'b' }, 11)], 'The value 11 is outside 0 to 10.'],
])('%s is a fault', (_, result, fault) => {
  expect(shapeFaults(result, shape)).toEqual([fault]);
});

test('a board is doubled where two of its lines differ by job or instance alone', () => {
  expect(doubledLines([series({ hw_id: 'a', job: 'x' }, 1), series({ hw_id: 'a', job: 'y' }, 1)])).toHaveLength(1);
  expect(
    doubledLines([
      series({ hw_id: 'a' }, 1),
      series({ hw_id: 'b' }, 1),
      series({ job: 'x' }, 1),
      series({ job: 'y' }, 1),
    ]),
  ).toEqual([]);
});

test('variables of all forms are replaced, and one without a value is an error', () => {
  expect(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's syntax for a variable
    substituted('a{b=~"$job",c="${run}",d="${run:regex}"}[$__range]', { job: '.*', run: 'r', __range: '60s' }),
  ).toBe('a{b=~".*",c="r",d="r"}[60s]');
  expect(() => substituted('a{b="$nothing"}', {})).toThrow('No value of $nothing');
  expect(substituted('label_replace(a, "b", "$1", "c", "(.*)")', {})).toContain('"$1"');
});

test('the interval of rates is four scrapes at least, and a step and a scrape', () => {
  expect(builtIn({ end: 0, rangeSeconds: 300, stepSeconds: 5 }).__rate_interval).toBe('40s');
  expect(builtIn({ end: 0, rangeSeconds: 604_800, stepSeconds: 600 }).__rate_interval).toBe('610s');
});
