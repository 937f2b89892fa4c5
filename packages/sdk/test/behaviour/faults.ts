import { SpanStatusCode } from '@opentelemetry/api';
import { afterEach, expect, test } from 'vitest';
import { selectors } from '../desk.ts';
import { Recorder } from '../recorder.ts';
import { catchFrom, raise } from './failures.ts';
import type { Mode } from './index.ts';

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
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
    ['answers with an object that contains itself', () => cyclic],
    ['answers with a function', () => () => raise('called')],
    ['answers with a huge value', () => ({ huge: 'x'.repeat(1_000_000) })],
  ])('a selector that %s changes neither the result nor the name', (_name, fault) => {
    recorder = Recorder.start();
    selectors.fault = fault;
    const desk = new Desk();
    expect(desk.faulty(() => 'result')).toBe('result');
    expect(catchFrom(() => desk.faulty(() => raise(undefined)))).toBe(undefined);
    expect(recorder.ended.map((span) => [span.name, span.status.code])).toEqual([
      [functionName('Desk.faulty'), SpanStatusCode.UNSET],
      [functionName('Desk.faulty'), SpanStatusCode.ERROR],
    ]);
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

  test('ten thousand random throws and results reach the caller unchanged, with any user callback', async () => {
    recorder = Recorder.start();
    const desk = new Desk();
    const random = randomNumbers(42);
    // Values are passed in a list, because a promise would read the `then` of the value itself.
    const ways: ((value: unknown) => Promise<[unknown]>)[] = [
      async (value) => [catchFrom(() => desk.faulty(() => raise(value)))],
      async (value) => [catchFrom(() => [...desk.iterate(() => failing(value))])],
      async (value) => [catchFrom(() => desk.observed(() => raise(value)))],
      (value) =>
        desk
          .runAsync(() => Promise.reject(value))
          .then(
            () => raise('nothing was thrown'),
            (error) => [error],
          ),
      async (value) => desk.faulty(() => [value]),
      async (value) => desk.captured(value, () => [value]),
    ];
    let wrong = 0;
    for (let call = 0; call < 10_000; call++) {
      const value = anything(random);
      const fault = anything(random);
      const isThrown = random(2) === 0;
      selectors.fault = () => (isThrown ? raise(fault) : fault);
      const [seen] = (await ways[random(ways.length)]?.(value)) ?? [];
      if (!Object.is(seen, value)) wrong += 1;
    }
    expect(wrong).toBe(0);
    expect(recorder.ended).toHaveLength(10_000);
    // One line a minute of each source: two marks with selectors, the predicate of a span and that of its duration.
    expect(recorder.troubles.length).toBeLessThanOrEqual(4);
    // A second of CPU; much longer on a machine that other processes keep busy.
  }, 60_000);
}

function* one(): Generator<number> {
  yield 1;
}

function* failing(value: unknown): Generator<number> {
  yield 1;
  raise(value);
}

/** A linear congruential generator, so that a failure can be repeated. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

const huge = 'x'.repeat(1_000_000);
const hugeObject = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, i]));

/** Any value that can be thrown or returned, also one that throws when it is read. */
function anything(random: (below: number) => number): unknown {
  const makers: (() => unknown)[] = [
    () => [undefined, null, 0, -0, Number.NaN, '', false, true, 7n, Symbol('s'), 'text', huge][random(12)],
    () => () => raise('called'),
    () => new RangeError('cut', { cause: new Error('because') }),
    () => Object.assign(new Error(huge), { name: huge, code: 'ENOENT', stack: huge }),
    () => Object.freeze(new Error('frozen')),
    () => Object.create(null),
    () => ({ error: { deeply: { nested: { beyond: { reason: 1 } } } } }),
    () => hugeObject,
    () => new Array(10_000).fill(random(9)),
    () => {
      const cyclic: Record<string, unknown> = {};
      return Object.assign(cyclic, { self: cyclic, list: [cyclic] });
    },
    () => getters(['name', 'message', 'stack', 'code', 'constructor', 'then', 'emit', 'toString', Symbol.toStringTag]),
    () => new Proxy(random(2) === 0 ? {} : () => 0, hostileTraps),
    () => Proxy.revocable({}, {}).proxy,
    () => revoked(),
    () => new Date(Number.NaN),
    () => new Map([[1, 2]]),
  ];
  return makers[random(makers.length)]?.();
}

function getters(keys: PropertyKey[]): object {
  const throwing = { get: () => raise('hostile'), enumerable: true };
  return Object.create(null, Object.fromEntries(keys.map((key) => [key, throwing])));
}

const hostileTraps = Object.fromEntries(
  ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'apply', 'defineProperty', 'set'].map(
    (trap) => [trap, () => raise('hostile')],
  ),
) as ProxyHandler<object>;

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
