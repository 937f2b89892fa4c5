import { expect, it } from 'vitest';
import { cutText } from './cutText.ts';

it.each([
  ['a text that is short enough', 'abc', 'abc'],
  ['a text of exactly the length', 'abcd', 'abcd'],
  ['a longer text', 'abcdef', 'abcd'],
  ['a pair of surrogates at the cut', 'abc😀f', 'abc\uFFFD'],
  ['an empty text', '', ''],
])('keeps the start of %s', (_, text, expected) => {
  expect(cutText(text, 4)).toBe(expected);
});
