import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../../test/recorder.ts';
import { spanned } from '../marks/span.ts';
import { timed } from '../marks/timed.ts';

// The part of reflect-metadata that matters here, in memory: metadata of functions, kept apart from them.
const metadata = new WeakMap<object, Map<unknown, unknown>>();
const reflection = {
  getOwnMetadataKeys: (target: object) => [...(metadata.get(target)?.keys() ?? [])],
  getOwnMetadata: (key: unknown, target: object) => metadata.get(target)?.get(key),
  defineMetadata: (key: unknown, value: unknown, target: object) => {
    metadata.set(target, (metadata.get(target) ?? new Map()).set(key, value));
  },
};
beforeEach(() => void Object.assign(Reflect, reflection));
afterEach(() => {
  for (const name of Object.keys(reflection)) Reflect.deleteProperty(Reflect, name);
});

test('metadata that a guard keeps about a handler by reflection stays, through several wrappers', () => {
  const handler = () => 'secret';
  reflection.defineMetadata('roles', ['admin'], handler);
  const wrapped = timed(spanned(handler));
  expect(reflection.getOwnMetadata('roles', wrapped)).toEqual(['admin']);
  reflection.defineMetadata('more', 1, wrapped);
  expect(reflection.getOwnMetadata('more', handler)).toBeUndefined();
});

test('properties of the function, with their kinds and symbols, are on the wrapper', () => {
  const marker = Symbol('marker');
  const handler = Object.assign((_a: number, _b: number) => 0, { route: '/', [marker]: true });
  Object.defineProperty(handler, 'hidden', { value: 1, enumerable: false });
  const wrapped = spanned(handler);
  expect(Object.getOwnPropertyDescriptors(wrapped)).toEqual(Object.getOwnPropertyDescriptors(handler));
});

test('a frozen function can be wrapped', () => {
  const wrapped = spanned(Object.freeze(() => 7));
  expect(wrapped()).toBe(7);
});

test('a wrapper needs a function', () => {
  // @ts-expect-error the mistake of a caller without types
  expect(() => spanned('name')).toThrow('fn of spanned() is "name". It must be a function.');
  // @ts-expect-error the mistake of a caller without types
  expect(() => timed({ metric: 'm' }, 'name')).toThrow('fn of timed() is "name". It must be a function.');
});

test('a generator function that throws before there is a generator has a failed span', () => {
  const recorder = Recorder.start();
  const rows = spanned('rows', function* ({ size }: { size: number }) {
    yield size;
  });
  // @ts-expect-error the mistake of a caller without types
  expect(() => rows(undefined)).toThrow(TypeError);
  expect(recorder.span('rows').attributes['error.type']).toBe('TypeError');
  recorder.stop();
});
