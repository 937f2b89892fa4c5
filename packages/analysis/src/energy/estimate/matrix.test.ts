import { expect, test } from 'vitest';
import { dot, invert, times } from './matrix.ts';

test('a matrix times its inverse is the identity', () => {
  const matrix = [
    [4, 1, 0.5],
    [1, 3, -0.7],
    [0.5, -0.7, 2],
  ];
  const inverse = invert(matrix);
  matrix.forEach((row, i) => {
    const product = times(inverse ?? [], row);
    product.forEach((value, j) => {
      expect(value).toBeCloseTo(i === j ? 1 : 0, 12);
    });
  });
});

test('columns whose units differ by a million are not taken for singular', () => {
  const inverse = invert([
    [1e12, 1e5],
    [1e5, 1],
  ]);
  expect(inverse?.[1]?.[1]).toBeCloseTo(1 / (1 - 0.01), 9);
});

test.each([
  [
    'equal rows',
    [
      [1, 1],
      [1, 1],
    ],
  ],
  [
    'a zero',
    [
      [0, 0],
      [0, 1],
    ],
  ],
  [
    'not a number',
    [
      [Number.NaN, 0],
      [0, 1],
    ],
  ],
  [
    'rows that differ by rounding only',
    [
      [1, 1],
      [1, 1 + 1e-12],
    ],
  ],
])('a matrix with %s has no inverse', (_, matrix) => {
  expect(invert(matrix)).toBeUndefined();
});

test('the product of vectors runs over the elements of the first', () => {
  expect(dot([1, 2, 3], [4, 5, 6])).toBe(32);
  expect(dot([], [])).toBe(0);
});
