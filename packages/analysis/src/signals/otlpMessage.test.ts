import { expect, it } from 'vitest';
import { id } from './otlpMessage.ts';

it.each([
  ['bytes', Buffer.from('00f067aa0ba902b7', 'hex')],
  ['hexadecimal text', '00f067aa0ba902b7'],
  ['hexadecimal text in upper case', '00F067aa0BA902B7'],
])('takes an id as %s', (_, value) => {
  expect(id(value, 8)).toBe('00f067aa0ba902b7');
});

it.each<[string, unknown]>([
  ['absent', undefined],
  ['null', null],
  ['a number', 17],
  ['too short', '00f067aa0ba902'],
  ['too long', '00f067aa0ba902b700'],
  ['zero', '0000000000000000'],
  ['zero, in bytes', Buffer.alloc(8)],
  ['of too few bytes', Buffer.alloc(7, 1)],
  ...['g', '/', ':', '`', '@', 'G', 'é', ' '].map((wrong): [string, unknown] => [
    `with "${wrong}"`,
    `00f067aa0ba902b${wrong}`,
  ]),
])('takes no id that is %s', (_, value) => {
  expect(id(value, 8)).toBeUndefined();
});
