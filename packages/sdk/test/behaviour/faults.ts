import { afterEach, expect, test } from 'vitest';
import { selectors } from '../desk.ts';
import { Recorder } from '../recorder.ts';
import { catchFrom, raise } from './failures.ts';
import type { Mode } from './index.ts';

const hostile = new Proxy({}, { ownKeys: () => raise('hostile') });

export function faults({ Desk, functionName }: Mode): void {
  let recorder = Recorder.silent();
  afterEach(() => {
    recorder.stop();
    selectors.fault = () => undefined;
  });

  test.each<[string, () => unknown]>([
    ['throws', () => raise(new Error('of the selector'))],
    ['throws undefined', () => raise(undefined)],
    ['answers with a promise that is rejected', () => Promise.reject(new Error('of the selector'))],
    ['answers with a number', () => 7],
    ['answers with nothing', () => undefined],
    ['answers with an object that throws', () => hostile],
    ['answers with a huge value', () => ({ huge: 'x'.repeat(1_000_000) })],
  ])('a selector that %s changes neither the result nor the name', (_name, fault) => {
    recorder = Recorder.start();
    selectors.fault = fault;
    const desk = new Desk();
    expect(desk.faulty(() => 'result')).toBe('result');
    expect(catchFrom(() => desk.faulty(() => raise(undefined)))).toBe(undefined);
    expect(recorder.ended.map((span) => span.name)).toEqual(Array(2).fill(functionName('Desk.faulty')));
  });

  test('a selector that keeps throwing is reported at most once a minute', () => {
    recorder = Recorder.start();
    selectors.fault = () => raise('again');
    for (let call = 0; call < 1_000; call++) new Desk().faulty(() => 0);
    expect(recorder.troubles.length).toBeLessThanOrEqual(1);
  });

  test('a processor that throws when spans start or end changes nothing for the application', () => {
    const desk = new Desk();
    for (const processor of [{ onStart: () => raise('start') }, { onEnd: () => raise('end') }]) {
      recorder = Recorder.start({ processor });
      expect(desk.run(() => 'result')).toBe('result');
      expect([...desk.iterate(one)]).toEqual([1]);
      expect(catchFrom(() => desk.run(() => raise('mine')))).toBe('mine');
      recorder.stop();
    }
  });

  test('ten thousand random throws come out as they went in, each with its ended span', () => {
    recorder = Recorder.start();
    const desk = new Desk();
    const values = [undefined, null, 0, '', 'text', Number.NaN, new Error('e'), {}, hostile, Symbol('s'), 2n];
    // A linear congruential generator, so that a failure can be repeated.
    let seed = 42;
    for (let call = 0; call < 10_000; call++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      const value = values[seed % values.length];
      const isSelectorFaulty = seed % 3 === 0;
      selectors.fault = () => (isSelectorFaulty ? raise(value) : undefined);
      if (
        !Object.is(
          catchFrom(() => desk.faulty(() => desk.run(() => raise(value)))),
          value,
        )
      )
        expect.unreachable();
    }
    expect(recorder.ended).toHaveLength(20_000);
  });
}

function* one(): Generator<number> {
  yield 1;
}
