import { OptionError } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { clauseId } from './clauseId.ts';

test('the id of a clause is the SHA-256 of its text', () => {
  // `printf 'abc' | sha256sum`: the first example of FIPS 180-2.
  expect(clauseId('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(clauseId('größe')).not.toBe(clauseId('grosse'));
});

test.each([undefined, null, 7, {}])('%o is refused, because it is not a text', (text) => {
  expect(() => clauseId(text as never)).toThrow(OptionError);
});
