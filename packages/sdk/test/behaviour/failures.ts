import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NotFound, selectors } from '../desk.ts';
import { Recorder } from '../recorder.ts';
import type { Mode } from './index.ts';

class OutOfStock extends Error {}

const hostile = new Proxy({}, { get: () => raise('hostile'), has: () => raise('hostile') });
const unreadable = Object.defineProperty(new Error(), 'message', { get: () => raise('unreadable') });

/** Everything can be thrown. */
const thrown: readonly [name: string, make: () => unknown, type: string][] = [
  ['undefined', () => undefined, '_OTHER'],
  ['null', () => null, '_OTHER'],
  ['0', () => 0, '_OTHER'],
  ['NaN', () => Number.NaN, '_OTHER'],
  ['an empty string', () => '', '_OTHER'],
  ['false', () => false, '_OTHER'],
  ['a bigint', () => 1n, '_OTHER'],
  ['a symbol', () => Symbol('thrown'), '_OTHER'],
  ['a function', () => () => 0, 'Function'],
  ['an empty object', () => ({}), '_OTHER'],
  ['an object without prototype', () => Object.create(null), '_OTHER'],
  ['an Error', () => new Error('broken'), 'Error'],
  ['a TypeError', () => new TypeError('broken'), 'TypeError'],
  ['an error class of the application', () => new OutOfStock('none left'), 'OutOfStock'],
  ['a system error', () => Object.assign(new Error('no such file'), { code: 'ENOENT' }), 'ENOENT'],
  ['a frozen error', () => Object.freeze(new RangeError('broken')), 'RangeError'],
  ['an error that throws when it is read', () => unreadable, 'Error'],
  ['a proxy that throws at everything', () => hostile, '_OTHER'],
];

export function failures({ Desk, Branch }: Mode): void {
  let recorder: Recorder;
  beforeEach(() => {
    recorder = Recorder.start();
  });
  afterEach(() => recorder.stop());

  test.each(thrown)('%s reaches the caller and makes the span an error', async (_name, make, type) => {
    const value = make();
    const desk = new Desk();
    const caught = [
      catchFrom(() => desk.run(() => raise(value))),
      catchFrom(() => [...desk.iterate(() => failingRows(value))]),
    ];
    await desk.runAsync(() => Promise.reject(value)).catch((error) => void caught.push(error));
    // By Object.is, since an assertion library would look into what throws at every look.
    expect(caught.map((error) => Object.is(error, value))).toEqual([true, true, true]);
    expect(recorder.ended).toHaveLength(3);
    for (const span of recorder.ended) {
      expect(span.status.code).toBe(SpanStatusCode.ERROR);
      expect(span.attributes['error.type']).toBe(type);
    }
    expect(exceptionsOf(recorder.span('Desk.run'))).toBe(1);
    expect(recorder.troubles).toEqual([]);
  });

  test('the exception has type, message and stack, and the status has the message', () => {
    catchFrom(() => new Desk().run(() => raise(new OutOfStock('none left'))));
    const span = recorder.span('Desk.run');
    expect(span.status.message).toBe('none left');
    expect(span.events[0]?.attributes).toMatchObject({
      'exception.type': 'OutOfStock',
      'exception.message': 'none left',
      'exception.stacktrace': expect.stringContaining('none left'),
    });
  });

  test('a message and a name of any length are cut', () => {
    const huge = Object.assign(new Error('x'.repeat(1_000_000)), { name: 'y'.repeat(1_000_000) });
    catchFrom(() => new Desk().run(() => raise(huge)));
    const span = recorder.span('Desk.run');
    expect(span.status.message).toHaveLength(4_096);
    expect(span.attributes['error.type']).toHaveLength(128);
  });

  test.each([
    ['an error', new OutOfStock()],
    ['a string', 'text'],
    ['undefined', undefined],
  ])('%s that passes through ten spans is an error on all and recorded on the innermost', async (_name, value) => {
    const desk = new Desk();
    const down = async (depth: number): Promise<never> =>
      depth === 1 ? desk.runAsync(() => Promise.reject(value)) : desk.runAsync(() => down(depth - 1));
    expect(await catchFromAsync(down(10))).toBe(value);
    expect(recorder.ended.map(exceptionsOf)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(recorder.ended.every((span) => span.status.code === SpanStatusCode.ERROR)).toBe(true);
  });

  test('an error passes from an overridden method to its override once', () => {
    catchFrom(() => new Branch().run(() => raise(new OutOfStock())));
    expect(exceptionsOf(recorder.span('Desk.run'))).toBe(1);
    expect(exceptionsOf(recorder.span('Branch.run'))).toBe(0);
  });

  test('one error object thrown in two operations is recorded in both', () => {
    const always = new OutOfStock();
    catchFrom(() => new Desk().run(() => raise(always)));
    catchFrom(() => new Desk().run(() => raise(always)));
    expect(recorder.ended.map(exceptionsOf)).toEqual([1, 1]);
  });

  test('an expected error reaches the caller and is not a failure of the span or of its metric', async () => {
    const desk = new Desk();
    const missing = new NotFound('none');
    expect(catchFrom(() => desk.observed(() => raise(missing)))).toBe(missing);
    expect(await catchFromAsync(desk.observed(() => Promise.reject(missing)))).toBe(missing);
    for (const span of recorder.ended) {
      expect([span.status.code, span.events]).toEqual([SpanStatusCode.UNSET, []]);
      expect(span.attributes).not.toHaveProperty('error.type');
    }
    expect(Object.entries(await recorder.points('desk.observed'))).toEqual([[expect.not.stringContaining('error'), 2]]);
  });

  test('a predicate that throws at an error does not expect it', () => {
    selectors.fault = () => raise('the predicate');
    const error = new RangeError();
    expect(catchFrom(() => new Desk().observed(() => raise(error)))).toBe(error);
    selectors.fault = () => undefined;
    expect(recorder.span('Desk.observed').attributes['error.type']).toBe('RangeError');
    // One line a minute, for the span and its duration together.
    expect(recorder.troubles).toHaveLength(1);
  });

  test('a parent that catches the error of its child is a success', () => {
    const desk = new Desk();
    desk.named(() => catchFrom(() => desk.run(() => raise('caught'))));
    expect(recorder.span('desk.named').status.code).toBe(SpanStatusCode.UNSET);
    expect(recorder.span('desk.named').attributes).not.toHaveProperty('error.type');
  });
}

function exceptionsOf(span: ReadableSpan): number {
  return span.events.filter((event) => event.name === 'exception').length;
}

function* failingRows(value: unknown): Generator<number> {
  yield 1;
  raise(value);
}

export function raise(value: unknown): never {
  throw value;
}

export function catchFrom(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

export async function catchFromAsync(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
