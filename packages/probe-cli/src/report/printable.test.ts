import { expect, test } from 'vitest';
import { printable, printableLines } from './printable.ts';

test.each([
  ['an escape sequence', '\u001b[31mred', '\\u001b[31mred'],
  ['a title of the window', '\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
  ['a line feed and a carriage return', 'a\nb\rc', 'a\\u000ab\\u000dc'],
  ['marks of direction', 'a\u202eb\u2066c\u200fd', 'a\\u202eb\\u2066c\\u200fd'],
  ['separators of lines', 'a\u2028b\u2029c\u0085d', 'a\\u2028b\\u2029c\\u0085d'],
  ['C1 control characters', 'a\u009b31mb', 'a\\u009b31mb'],
  ['invisible characters', 'a\u200bb\ufeffc\u00add', 'a\\u200bb\\ufeffc\\u00add'],
  ['a tag outside the basic plane', 'a\u{e0041}b', 'a\\udb40\\udc41b'],
  ['half of a pair', 'a\ud800b', 'a\\ud800b'],
])('%s is written as JSON writes it', (_, text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('letters of all scripts, symbols and emoji stay', () => {
  const text = 'Größe 12 Ω · 温度 · температура · ⚡ 🙂 e\u0301';
  expect(printable(text)).toBe(text);
});

test('lines keep their ends, and JSON keeps its meaning', () => {
  const value = { name: 'a\u202e\u001b\n\u{e0041}', list: [1, 'é'] };
  const text = printableLines(JSON.stringify(value, undefined, 2));
  expect(text.split('\n')).toHaveLength(7);
  expect(text).not.toMatch(/[^\n -~é]/);
  expect(JSON.parse(text)).toEqual(value);
});
