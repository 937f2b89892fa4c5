import { InvalidArgumentError } from 'commander';
import { expect, it } from 'vitest';
import { duration } from './duration.ts';

it.each([
  ['500ms', 500],
  ['20s', 20_000],
  ['1.5s', 1500],
  ['5m', 300_000],
  ['24h', 86_400_000],
])('reads the duration %s', (text, ms) => {
  expect(duration(text)).toBe(ms);
});

it.each(['', '5', 's', '-5s', '0s', '5 parsecs', '1e3s', 'NaNs', '25h', '5s5s'])(
  'refuses the duration "%s" and states what to write',
  (text) => {
    expect(() => duration(text)).toThrow(InvalidArgumentError);
    expect(() => duration(text)).toThrow('500ms, 20s, 5m');
  },
);
