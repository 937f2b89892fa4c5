import { expect, test } from 'vitest';
import { legendOf } from './legend.ts';

const labels = { __name__: 'hw_power_watts', rail: 'EPS1', simulated: ' (simulated)' };

test.each([
  ['{{rail}}{{simulated}}', 'EPS1 (simulated)'],
  ['{{ rail }} of {{board}}', 'EPS1 of'],
  ['power', 'power'],
])('%s is %s', (format, expected) => {
  expect(legendOf(labels, format, 'x', 2)).toBe(expected);
});

test('without a format, a lone series is its query, and several are their labels', () => {
  expect(legendOf(labels, undefined, 'sum(x)', 1)).toBe('sum(x)');
  expect(legendOf(labels, '__auto', 'sum(x)', 2)).toBe('hw_power_watts{rail="EPS1", simulated=" (simulated)"}');
  expect(legendOf({ __name__: 'up' }, '', 'up', 2)).toBe('up');
});

test('a format of which nothing is left is replaced by the labels: a line has a name', () => {
  expect(legendOf({ rail: 'EPS1' }, '{{board}}', 'x', 2)).toBe('{rail="EPS1"}');
});
