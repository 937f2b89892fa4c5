import { expect, it } from 'vitest';
import { forbids, meets, numberTestText, parseNumberTest } from './numberTest.ts';

it.each([
  ['>= 3', '>= 3'],
  ['<0.5', '< 0.5'],
  [' == -1e3 ', '== -1000'],
  ['> .5', '> 0.5'],
  ['3', '== 3'],
  [0, '== 0'],
] as const)('reads %j as %s', (written, text) => {
  const test = parseNumberTest(written);

  expect(test && numberTestText(test)).toBe(text);
});

it.each(['', '>=', 'three', '= 3', '>= 3 s', '3 <', '>= 1e999', '!= 1', Number.NaN, Number.POSITIVE_INFINITY])(
  'does not read %j',
  (written) => {
    expect(parseNumberTest(written)).toBeUndefined();
  },
);

it('NaN meets no comparison', () => {
  for (const comparison of ['<', '<=', '>', '>=', '=='] as const) {
    expect(meets(Number.NaN, { comparison, limit: Number.NaN })).toBe(false);
  }
});

it.each([
  ['== 0', true],
  ['< 1', true],
  ['<= 0', true],
  ['<= 0.5', true],
  ['< 2', false],
  ['>= 0', false],
  ['== 1', false],
])('%s forbids any: %j', (written, isForbidden) => {
  expect(forbids(parseNumberTest(written) ?? { comparison: '>', limit: 0 })).toBe(isForbidden);
});
