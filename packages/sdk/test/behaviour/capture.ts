import { afterEach, beforeEach, expect, test } from 'vitest';
import { selectors } from '../desk.ts';
import { Recorder } from '../recorder.ts';
import { catchFrom, raise } from './failures.ts';
import type { Mode } from './index.ts';

export function capture({ Desk }: Mode): void {
  let recorder: Recorder;
  beforeEach(() => {
    recorder = Recorder.start();
    selectors.runs = 0;
  });
  afterEach(() => recorder.stop());
  test('only what a selector returns is captured', () => {
    new Desk().run(() => 'secret');
    expect(Object.keys(recorder.ended[0]?.attributes ?? {})).toEqual(['code.function.name']);
  });

  test('arguments and the result are captured, that of a promise when it resolves', async () => {
    const desk = new Desk();
    expect(await desk.captured(1, async () => ({ id: 7, tags: ['a', 'b'] }))).toEqual({ id: 7, tags: ['a', 'b'] });
    expect(recorder.ended[0]?.attributes).toMatchObject({ given: 1, 'result.id': 7, 'result.tags': ['a', 'b'] });
    expect(selectors.runs).toBe(2);
  });

  test('a call that fails has no captured result, and a generator has none either', () => {
    catchFrom(() => new Desk().captured(1, () => raise('failed')));
    const rows = new Desk().captured(2, () => one());
    expect([...rows]).toEqual([1]);
    expect(recorder.ended.map((span) => 'result' in span.attributes)).toEqual([false, false]);
    expect(selectors.runs).toBe(2);
  });

  test('no selector is called without an SDK or when the span does not record', () => {
    recorder.stop();
    new Desk().captured(1, () => 2);
    recorder.register({ sampled: false });
    new Desk().captured(1, () => 2);
    expect(selectors.runs).toBe(0);
  });

  test('a text that looks like a secret by its name or value is masked, and counts are not', () => {
    const given = {
      user: 'ada',
      password: 'hunter2',
      accessToken: 'abc',
      tokens: 512,
      headers: { Authorization: 'x', cookie: ['a=1'] },
      note: 'Bearer abc.def',
      jwt: 'eyJhbGciOi.eyJzdWIiOi.c2ln',
      url: 'postgres://app:pw@db/shop',
    };
    new Desk().captured(given, () => 0);
    const attributes = recorder.ended[0]?.attributes;
    expect(attributes).toMatchObject({
      'given.user': 'ada',
      'given.tokens': 512,
      'given.headers.cookie': ['[masked]'],
    });
    expect(Object.entries(attributes ?? {}).flatMap(([key, value]) => (value === '[masked]' ? key : []))).toEqual([
      'given.password',
      'given.accessToken',
      'given.headers.Authorization',
      'given.note',
      'given.jwt',
      'given.url',
    ]);
  });

  test('depth, number and length are bounded, also for cyclic and huge objects', () => {
    const cyclic: Record<string, unknown> = { id: 1 };
    cyclic.self = cyclic;
    const huge = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, 'x'.repeat(10)]));
    const desk = new Desk();
    desk.captured(cyclic, () => 0);
    desk.captured(huge, () => 'y'.repeat(10_000_000));
    desk.captured(Array(100_000).fill(1), () => ['a', 1, { no: 1 }, null]);
    const [first, second, third] = recorder.ended.map((span) => span.attributes);
    expect(first).toMatchObject({ 'given.id': 1, 'given.self.id': 1 });
    expect(Object.keys(first ?? {})).toHaveLength(4);
    expect(Object.keys(second ?? {})).toHaveLength(34);
    expect(second?.result).toHaveLength(1_024);
    expect(third?.given).toHaveLength(32);
    expect(third?.result).toEqual(['a', '1']);
  });

  test('a value that cannot be an attribute is left out', () => {
    new Desk().captured(
      { f: () => 0, s: Symbol('s'), n: null, u: undefined, big: 2n ** 64n, ok: true },
      () => undefined,
    );
    const { 'code.function.name': _, ...rest } = recorder.ended[0]?.attributes ?? {};
    expect(rest).toEqual({ 'given.big': '18446744073709551616', 'given.ok': true });
  });

  test('an object that throws when it is read is not captured, and the call works', () => {
    const hostile = new Proxy({}, { ownKeys: () => raise('hostile') });
    expect(new Desk().captured(hostile, () => hostile)).toBe(hostile);
    expect(recorder.ended).toHaveLength(1);
    expect(recorder.troubles).toHaveLength(1);
  });
}

function* one(): Generator<number> {
  yield 1;
}
