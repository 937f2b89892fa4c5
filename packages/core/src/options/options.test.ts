import { describe, expect, test } from 'vitest';
import { numberOption } from './numberOption.ts';
import { textOption, wordOption } from './wordOption.ts';

describe('a numeric option', () => {
  test('is returned when it lies in its range, both ends included', () => {
    for (const value of [1, 20.5, 100]) expect(numberOption('rateHz', value, { least: 1, most: 100 })).toBe(value);
  });

  test.each([0, 101, Number.NaN, Number.POSITIVE_INFINITY, '20', undefined, null])('%o is refused', (value) => {
    expect(() => numberOption('rateHz', value, { least: 1, most: 100 })).toThrow('It must be a number from 1 to 100.');
  });

  test('that counts things must be whole', () => {
    expect(() => numberOption('capacity', 2.5, { least: 2, isWhole: true })).toThrow(
      'capacity is 2.5. It must be a whole number of at least 2.',
    );
  });
});

test('an option of a closed set is refused with the set', () => {
  expect(wordOption('theme', 'dark', ['light', 'dark'])).toBe('dark');
  expect(() => wordOption('theme', 'blue', ['light', 'dark'])).toThrow(
    'theme is "blue". It must be one of light, dark.',
  );
});

test('an option that is a text must not be empty', () => {
  expect(textOption('name', 'a')).toBe('a');
  for (const value of ['', '  ', 3, undefined]) expect(() => textOption('name', value)).toThrow('a text that is not');
});
