import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { columnsOf, fitted, graphemes, safeText } from './cellText.ts';

test.each([
  ['plain', 5],
  ['日本語', 6],
  ['é', 1],
  ['e\u0301', 1],
  ['👩‍👩‍👧', 2],
  ['🇯🇵', 2],
  ['→', 1],
])('%s takes %d columns', (text, columns) => {
  expect(columnsOf(text)).toBe(columns);
  expect(graphemes(text, new Intl.Segmenter()).reduce((sum, [, width]) => sum + width, 0)).toBe(columns);
});

test.each([
  ['ingress', 7, 'ingress'],
  ['ingress', 4, 'ing…'],
  ['日本語', 6, '日本語'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['x', 0, ''],
])('%s in %d columns is %s', (text, columns, expected) => {
  expect(fitted(text, columns)).toBe(expected);
});

test.each([
  ['a\u001b[2Jb', 'a·[2Jb'],
  ['a\u009b2Jb', 'a·2Jb'],
  ['a\nb\r', 'a·b·'],
  ['evil\u202etxt', 'evil·txt'],
  ['a\u2066b', 'a·b'],
  ['👩‍👩‍👧', '👩‍👩‍👧'],
])('%j is shown and does not act', (text, expected) => {
  expect(safeText(text)).toBe(expected);
});

test('every character that is not asked about takes one column, and is shown as it is', () => {
  const ranges = [
    [0x20, 0x7e],
    [0xa1, 0xac],
    [0xae, 0x2ff],
    [0x2010, 0x2027],
    [0x2190, 0x21ff],
    [0x2500, 0x25f7],
    [0x2800, 0x28ff],
  ] as const;
  for (const [from, to] of ranges) {
    for (let code = from; code <= to; code++) {
      const character = String.fromCodePoint(code);
      expect([character, stringWidth(character), safeText(character)]).toEqual([character, 1, character]);
      expect(columnsOf(character)).toBe(1);
    }
  }
});
