import { BenchlabError, type BenchlabErrorCode } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { Refusals } from './refusals.ts';

const port = { path: '/dev/ttyACM0', enumeration: '1' };
const error = (code: BenchlabErrorCode) => new BenchlabError(code, 'What.', 'Fix.');

test.each([
  ['NOT_A_BENCHLAB', false, true],
  ['NOT_A_BENCHLAB', true, true],
  ['UNKNOWN_FIRMWARE', true, true],
  ['NO_REPLY', false, true],
  ['NO_REPLY', true, false],
  ['PORT_BUSY', false, false],
  ['PORT_UNREADABLE', true, false],
  ['BOARD_LOST', false, false],
] as const)('%s, port named by the user %s: remembered %s', (code, isNamedByUser, isRemembered) => {
  const refusals = new Refusals();
  refusals.add(port, error(code), isNamedByUser);
  expect(refusals.of(port)?.code).toBe(isRemembered ? code : undefined);
});

test('a refusal ends when the device is plugged in again', () => {
  const refusals = new Refusals();
  refusals.add(port, error('NOT_A_BENCHLAB'), false);
  expect(refusals.of({ ...port, enumeration: '2' })).toBeUndefined();
  expect(refusals.of({ ...port, path: '/dev/ttyACM1' })).toBeUndefined();
});

test('a device that was a BENCHLAB stays one until it is plugged in again, with any answer', () => {
  const refusals = new Refusals();
  refusals.accept(port);
  refusals.add(port, error('NO_REPLY'), false);
  expect(refusals.of(port)).toBeUndefined();
  const next = { ...port, enumeration: '2' };
  refusals.add(next, error('NO_REPLY'), false);
  expect(refusals.of(next)?.code).toBe('NO_REPLY');
});

test('no more than 64 refusals are kept', () => {
  const refusals = new Refusals();
  const nth = (n: number) => ({ path: `/dev/ttyACM${n}`, enumeration: '1' });
  for (let n = 0; n < 65; n++) refusals.add(nth(n), error('NOT_A_BENCHLAB'), false);
  expect(refusals.of(nth(0))).toBeUndefined();
  expect(refusals.of(nth(1))).toBeDefined();
});
