import { describe, expect, test } from 'vitest';
import { framesOf, promNumber } from './frames.ts';

const options = { refId: 'A', expr: 'x', stepMs: 15_000, isOneOfSeveral: false };
const power = [
  {
    metric: { rail: 'EPS1' },
    values: [
      [10, '50'],
      [25, 'NaN'],
    ] as const,
  },
  { metric: { rail: 'EPS2' }, values: [[10, '+Inf']] as const },
];

describe('an answer', () => {
  test('is a frame for each series, with times in milliseconds and the step of the query', () => {
    const frames = framesOf(power, { ...options, legendFormat: '{{rail}} power' });

    expect(frames.map(({ fields }) => fields[1]?.displayName)).toEqual(['EPS1 power', 'EPS2 power']);
    expect(frames[0]?.fields[0]).toMatchObject({ values: [10_000, 25_000], intervalMs: 15_000 });
    expect(frames[0]?.fields[1]?.values).toEqual([50, Number.NaN]);
    expect(frames[1]?.fields[1]?.values).toEqual([Number.POSITIVE_INFINITY]);
  });

  test('as a table has a column for each label, empty where a series lacks it', () => {
    const series = [...power, { metric: { board: 'b' }, values: [[10, '1']] as const }];
    const [table, ...rest] = framesOf(series, { ...options, format: 'table', isOneOfSeveral: true });

    expect(rest).toEqual([]);
    expect(table?.fields.map(({ name }) => name)).toEqual(['Time', 'board', 'rail', 'Value #A']);
    expect(table?.fields[1]?.values).toEqual(['', '', '', 'b']);
  });

  test('without series has no frame, in each format', () => {
    for (const format of [undefined, 'table', 'heatmap']) {
      expect(framesOf([], { ...options, ...(format ? { format } : {}) })).toEqual([]);
    }
  });
});

describe('buckets of a heat map', () => {
  const bucket = (le: string, ...counts: string[]) => ({
    metric: { le },
    values: counts.map((count, index) => [index, count] as const),
  });

  test('are sorted by their bounds, and hold what is in them alone', () => {
    const frames = framesOf([bucket('+Inf', '9'), bucket('10', '8'), bucket('2', '3')], {
      ...options,
      format: 'heatmap',
    });

    expect(frames.map(({ fields }) => [fields[1]?.displayName, fields[1]?.values])).toEqual([
      ['2', [3]],
      ['10', [5]],
      ['+Inf', [1]],
    ]);
  });

  test('are never below zero, and are compared at the same time', () => {
    const late = { metric: { le: '2' }, values: [[1, '4']] as const };
    const frames = framesOf([bucket('1', '5', '5'), late], { ...options, format: 'heatmap' });

    expect(frames[1]?.fields[1]?.values).toEqual([0]);
  });

  test('without a bound are left out', () => {
    expect(framesOf([{ metric: {}, values: [[1, '4']] }], { ...options, format: 'heatmap' })).toEqual([]);
  });
});

test.each([
  ['1e3', 1000],
  ['-Inf', Number.NEGATIVE_INFINITY],
  ['', Number.NaN],
  ['text', Number.NaN],
])('the number %s is read', (text, expected) => {
  expect(promNumber(text)).toBe(expected);
});
