import { expect, it } from 'vitest';
import { resultText } from '../lower/kernelText.ts';
import { difference } from './differential.ts';

const expected = [[1, -0], [Number.NaN], []];
const output = (results: readonly (readonly number[])[]) =>
  results.map((line) => `${line.map((value) => `${resultText(value)} `).join('')}\n`).join('');

it('finds no difference in the same bits, not a number included', () => {
  expect(difference(output(expected), expected)).toEqual({ score: 1 });
});

it.each<[string, string, string, number]>([
  [
    'another number',
    output([[1.5, -0], [Number.NaN], []]),
    '1 of 3 calls differ: result 0 of call 0 is 1.5, not 1',
    2 / 3,
  ],
  ['the other zero', output([[1, 0], [Number.NaN], []]), '1 of 3 calls differ: result 1 of call 0 is 0, not -0', 2 / 3],
  [
    'a number where there is none',
    output([[1, -0], [0], []]),
    '1 of 3 calls differ: result 0 of call 1 is 0, not NaN',
    2 / 3,
  ],
  [
    'a result too many',
    output([[1, -0], [Number.NaN], [1]]),
    '1 of 3 calls differ: call 2 gave 1 results, not 0',
    2 / 3,
  ],
  ['a result too few', output([[1], [Number.NaN], []]), '1 of 3 calls differ: call 0 gave 1 results, not 2', 2 / 3],
  [
    'a word that is not a number',
    'zzz zzz\nnan\n\n',
    '1 of 3 calls differ: result 0 of call 0 is no number, not 1',
    2 / 3,
  ],
  ['nothing', '', '2 of 3 calls differ: call 0 gave 0 results, not 2', 1 / 3],
  ['a line too many', `${output(expected)}x\n`, 'it wrote 4 lines, not 3', 0],
])('finds %s', (_, text, reason, score) => {
  const found = difference(text, expected);
  expect(found.reason).toBe(reason);
  expect(found.score).toBeCloseTo(score);
});
