import { expect, test } from 'vitest';
import { terminalInputs } from './keys.ts';

test.each([
  ['q', ['q']],
  ['\x1b[A\x1bOB', ['up', 'down']],
  ['\x1b', ['escape']],
  ['\t\x1b[Z\r\x7f', ['tab', 'backtab', 'enter', 'backspace']],
  ['\x03\x1a\x0c', ['ctrl-c', 'ctrl-z', 'ctrl-l']],
  ['日é👍', ['日', 'é', '👍']],
  ['\x1b[<64;1;1M\x1b[<65;1;1M\x1b[<0;1;1M', ['up', 'down']],
  // Sequences that are not known, and control characters, are left out.
  ['\x1b[200~\x1b[1;5C\x01x', ['x']],
  ['\x1b]52;c;eA==\x07y', ['y']],
])('%j is %j', (text, keys) => {
  expect(terminalInputs(text).map((input) => (input.kind === 'key' ? input.key : input.kind))).toEqual(keys);
});

test('the colour of the ground is read in any number of digits', () => {
  const white = { kind: 'ground', red: 1, green: 1, blue: 1 };
  expect(terminalInputs('\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b]11;rgb:f/f/f\x07')).toEqual([white, white]);
  expect(terminalInputs('\x1b]11;red\x07')).toEqual([]);
});

test('a flood of half sequences is read in time that grows with its length', () => {
  expect(terminalInputs('\x1b]11;'.repeat(2_000)).length).toBeGreaterThan(0);
});
