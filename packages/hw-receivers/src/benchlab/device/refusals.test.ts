import { BenchlabError, type BenchlabErrorCode } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { AnotherProduct } from './identify.ts';
import { Refusals } from './refusals.ts';

const port = { path: '/dev/ttyACM0', enumeration: '1' };
const error = (code: BenchlabErrorCode) => new BenchlabError(code, 'What.', 'Fix.');
const announced = new AnotherProduct('NOT_A_BENCHLAB', 'It is a PMD2.', 'Fix.');
const second = 1e9;

test.each([
  ['another product', announced, false, 'for good'],
  ['another product', announced, true, 'for good'],
  ['UNKNOWN_FIRMWARE', error('UNKNOWN_FIRMWARE'), true, 'for good'],
  ['a garbled welcome', error('NOT_A_BENCHLAB'), false, 'for good'],
  ['a garbled welcome', error('NOT_A_BENCHLAB'), true, 'for a second'],
  ['NO_REPLY', error('NO_REPLY'), false, 'for good'],
  ['NO_REPLY', error('NO_REPLY'), true, 'for a second'],
  ['BAD_REPLY', error('BAD_REPLY'), true, 'for a second'],
  ['PORT_BUSY', error('PORT_BUSY'), false, 'not'],
  ['PORT_UNREADABLE', error('PORT_UNREADABLE'), true, 'not'],
  ['BOARD_LOST', error('BOARD_LOST'), false, 'not'],
] as const)('after %s, %o, port named by the user %s, the port is left alone %s', (_, given, isNamed, how) => {
  const refusals = new Refusals();
  refusals.add(port, given, isNamed, 0);
  expect(refusals.of(port, 0)).toBe(how === 'not' ? undefined : given);
  expect(refusals.of(port, 1e6 * second)).toBe(how === 'for good' ? given : undefined);
});

test('a named port that stays quiet is asked after 1, 2, 4 … seconds, and at least every minute', () => {
  const refusals = new Refusals();
  const asked: number[] = [];
  for (let seconds = 0; seconds < 300; seconds++) {
    if (refusals.of(port, seconds * second)) continue;
    asked.push(seconds);
    refusals.add(port, error('NO_REPLY'), true, seconds * second);
  }
  expect(asked).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
});

test('a refusal ends when another device is at the path, and when the user asks for it', () => {
  const refusals = new Refusals();
  refusals.add(port, announced, true, 0);
  expect(refusals.of({ ...port, enumeration: '2' }, 0)).toBeUndefined();
  expect(refusals.of({ ...port, path: '/dev/ttyACM1' }, 0)).toBeUndefined();
  refusals.forget();
  expect(refusals.of(port, 0)).toBeUndefined();
});

test('a device that was a BENCHLAB stays one until it is plugged in again, with any answer', () => {
  const refusals = new Refusals();
  refusals.accept(port);
  refusals.add(port, error('NO_REPLY'), false, 0);
  expect(refusals.of(port, 0)).toBeUndefined();
  const next = { ...port, enumeration: '2' };
  refusals.add(next, error('NO_REPLY'), false, 0);
  expect(refusals.of(next, 0)?.code).toBe('NO_REPLY');
});

test('no more than 64 refusals are kept', () => {
  const refusals = new Refusals();
  const nth = (n: number) => ({ path: `/dev/ttyACM${n}`, enumeration: '1' });
  for (let n = 0; n < 65; n++) refusals.add(nth(n), error('NOT_A_BENCHLAB'), false, 0);
  expect(refusals.of(nth(0), 0)).toBeUndefined();
  expect(refusals.of(nth(1), 0)?.code).toBe('NOT_A_BENCHLAB');
});
