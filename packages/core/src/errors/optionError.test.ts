import { describe, expect, test } from 'vitest';
import { BenchlabError } from './benchlabError.ts';
import { OptionError, shown } from './optionError.ts';

describe('an error of an option', () => {
  const error = new OptionError({ option: 'rateHz', value: 500, allowed: 'a number from 1 to 100' });

  test('names the option, the value and what is allowed', () => {
    expect(error.message).toBe('rateHz is 500. It must be a number from 1 to 100.');
    expect(error).toMatchObject({ option: 'rateHz', value: 500, allowed: 'a number from 1 to 100' });
  });

  test('is a BenchlabError with the code BAD_OPTION', () => {
    expect(error).toBeInstanceOf(BenchlabError);
    expect(error.code).toBe('BAD_OPTION');
  });

  test('can be given the name that the user typed', () => {
    expect(error.named('--rate').message).toBe('--rate is 500. It must be a number from 1 to 100.');
  });

  test('keeps a secret value out of its message and its fields', () => {
    const secret = new OptionError({ option: 'token', value: 'abc', allowed: '16 characters or more', isSecret: true });
    expect(JSON.stringify({ ...secret, message: secret.message })).not.toContain('abc');
    expect(secret.message).toBe('token is not allowed. It must be 16 characters or more.');
    expect(secret.named('--token').message).toBe('--token is not allowed. It must be 16 characters or more.');
  });
});

test.each([
  ['text', '"text"'],
  ['x'.repeat(200), `"${'x'.repeat(100)}"`],
  [Number.NaN, 'NaN'],
  [undefined, 'undefined'],
  [null, 'null'],
  [[1, 2], 'a list of 2'],
  [{ a: 1 }, 'an object'],
  [() => 1, 'a function'],
  [10n, '10'],
  [Symbol('s'), 'Symbol(s)'],
])('%# a value is shown in a message in its short form', (value, expected) => {
  expect(shown(value)).toBe(expected);
});
