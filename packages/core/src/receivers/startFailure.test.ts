import { expect, test } from 'vitest';
import { BenchlabError } from '../errors/benchlabError.ts';
import { startFailure } from './startFailure.ts';

const ofStop = new Error('the port hangs');

test('the error of the start comes first, with the error of the stop as its cause', () => {
  const ofStart = new BenchlabError('PORT_BUSY', 'ttyACM0 is in use.', 'End the other program.');
  expect(startFailure('meter', ofStart, ofStop)).toBe(ofStart);
  expect(ofStart.cause).toBe(ofStop);
});

test('a cause that the error of the start has already is kept next to the error of the stop', () => {
  const cause = new Error('EBUSY');
  const ofStart = new Error('ttyACM0 is in use', { cause });
  expect(startFailure('meter', ofStart, ofStop)).toBe(ofStart);
  expect(ofStart.cause).toMatchObject({ errors: [cause, ofStop] });
});

test.each([
  ['a text', 'no files'],
  ['undefined', undefined],
  ['a frozen error', Object.freeze(new Error('no files'))],
])('%s that was thrown is the first of an AggregateError that names both', (_what, ofStart) => {
  const failure = startFailure('meter', ofStart, ofStop);
  expect(failure).toBeInstanceOf(AggregateError);
  expect(failure).toMatchObject({
    errors: [ofStart, ofStop],
    message: expect.stringMatching(
      /^meter: the start failed \(.+\), and so did the stop after it \(the port hangs\)\.$/,
    ),
  });
});

test('an error with which both failed comes once, without itself as its cause', () => {
  expect(startFailure('meter', ofStop, ofStop)).toBe(ofStop);
  expect(ofStop.cause).toBeUndefined();
});
