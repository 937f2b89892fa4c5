import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { callGuarded, isThenable } from './callGuarded.ts';

/** What `failed` received, after all promises have settled. Vitest itself fails on a rejection without a handler. */
async function failures(call: () => unknown): Promise<unknown[]> {
  const errors: unknown[] = [];
  callGuarded(call, (error) => errors.push(error));
  await setImmediate();
  return errors;
}

const error = new Error('full');
const fail = () => {
  throw error;
};
const withThen = (value: unknown) => Object.defineProperty({}, 'then', { value });

test.each<[string, () => unknown]>([
  ['a call that throws', fail],
  ['an async call that throws', async () => fail()],
  [
    'a thenable of another library that rejects',
    () => withThen((_: unknown, reject: (why: Error) => void) => reject(error)),
  ],
  ['a thenable whose then throws', () => withThen(fail)],
  ['a result whose then cannot be read', () => Object.defineProperty({}, 'then', { get: fail })],
])('%s is reported once, and the caller continues', async (_what, call) => {
  expect(await failures(call)).toEqual([error]);
});

test.each<[string, () => unknown]>([
  ['nothing', () => undefined],
  ['a promise that resolves', async () => 1],
  ['an object with a property then that is not a function', () => withThen(1)],
])('a call that returns %s is not a failure', async (_what, call) => {
  expect(await failures(call)).toEqual([]);
});

test('null, functions and objects without a method then are not thenables', () => {
  expect([null, () => {}, {}, withThen(1), 'then'].map(isThenable)).toEqual([false, false, false, false, false]);
  expect(isThenable(Promise.resolve())).toBe(true);
});
