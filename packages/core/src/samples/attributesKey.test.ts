import { expect, it } from 'vitest';
import { attributesKey } from './attributesKey.ts';

it('is equal for equal attributes in any order, and differs for names, values and types that differ', () => {
  expect(attributesKey({ a: 1, b: 'x' })).toBe(attributesKey({ b: 'x', a: 1 }));
  const different = [{}, { a: 1 }, { a: '1' }, { b: 1 }, { a: 1, b: 1 }, { 'a","b': 1 }, { a: [1] }, { a: ['1'] }];
  expect(new Set(different.map(attributesKey)).size).toBe(different.length);
});
