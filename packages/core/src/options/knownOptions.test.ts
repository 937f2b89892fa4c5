import { expect, test } from 'vitest';
import { knownOptions } from './knownOptions.ts';

interface Options {
  readonly serviceName?: string;
  readonly token?: string;
}
const names = { serviceName: true, token: true } as const;
const check = (given: unknown) => knownOptions<Options>('start', given, names);

test('options that exist, and no options at all, are accepted', () => {
  for (const given of [{}, { serviceName: 'a', token: undefined }, undefined]) {
    expect(() => check(given)).not.toThrow();
  }
});

test.each([7, 'x', null, [], () => {}])(
  'a value that is not an object is refused, and the error does not show it (case %#)',
  (given) => {
    expect(() => check(given)).toThrow(
      'configuration of start is not allowed. It must be an object with its options: serviceName, token.',
    );
  },
);

test('a misspelt option is named with the nearest, without its value', () => {
  expect(() => check({ tokn: 'secret' })).toThrow(expect.objectContaining({ name: 'OptionError', option: 'tokn' }));
  expect(() => check({ tokn: 'secret' })).toThrow(
    'tokn of start is not allowed. It must be left out, because it is not an option: the nearest option is token.',
  );
});

test('an option like no other is answered with those that there are', () => {
  expect(() => check({ completelyDifferent: 1 })).toThrow('it is not an option: the options are serviceName, token.');
});
