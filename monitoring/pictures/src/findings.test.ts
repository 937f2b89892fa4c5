import { expect, test } from 'vitest';
import { dataFindings, measuredFindings } from './findings.ts';
import type { Frame } from './frames.ts';

const panel = { type: 'timeseries', id: 4, title: 'Rails', targets: [{ expr: 'x' }] };
const line = (displayName: string, ...values: number[]): Frame => ({
  refId: 'A',
  fields: [
    { name: 'Time', type: 'time', values: values.map((_, index) => index) },
    { name: 'Value', type: 'number', values, displayName },
  ],
});
const lines = (count: number) => Array.from({ length: count }, (_, index) => line(`rail ${index}`, 1));

test('a panel that reads well has no findings', () => {
  expect(dataFindings(panel, lines(12))).toEqual([]);
});

test('more lines than colours that a reader can distinguish are a finding', () => {
  expect(dataFindings(panel, lines(13))).toEqual(['it has 13 lines, more than 12.']);
  // A table, or bars, are read by their names.
  expect(dataFindings({ ...panel, type: 'bargauge' }, lines(13))).toEqual([]);
});

test('no data, and data that are not numbers, are findings', () => {
  expect(dataFindings(panel, [])).toEqual(['it is empty.']);
  expect(dataFindings(panel, [line('a', Number.NaN)])).toEqual(['all its values are NaN.']);
  expect(dataFindings(panel, [line('a', 1, Number.POSITIVE_INFINITY)])).toEqual(['a value is infinite.']);
});

test('a panel that asks for nothing is not empty', () => {
  expect(dataFindings({ type: 'text', title: 'Notes' }, [])).toEqual([]);
});

test('two series with one legend are a finding: a reader cannot name them', () => {
  expect(dataFindings(panel, [line('EPS1', 1), line('EPS1', 2)])).toEqual(['two series have the same legend: EPS1.']);
});

test('a finding of the browser names the panel', () => {
  expect(measuredFindings({ panelId: 4, title: 'Rails', cut: ['A long title'], notes: [] })).toEqual([
    'panel 4 "Rails": "A long title" is cut.',
  ]);
});
