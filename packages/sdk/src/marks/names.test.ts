import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Recorder } from '../../test/recorder.ts';
import { counted } from './counted.ts';
import { observed } from './observed.ts';
import { Span, spanned } from './span.ts';
import { timed } from './timed.ts';
import { Traced } from './traced.ts';

let recorder: Recorder;
beforeEach(() => {
  recorder = Recorder.start();
});
afterEach(() => recorder.stop());

const names = async (metric: string): Promise<string[]> =>
  Object.keys(await recorder.points(metric)).map((key) => JSON.parse(key)['code.function.name']);

describe('a function without a name', () => {
  test('has that of its span, also for other marks around or inside it', async () => {
    observed('job.observed', () => 0)();
    timed(spanned({ name: 'job.inner' }, () => 0))();
    spanned(
      'job.outer',
      timed(() => 0),
    )();
    expect(await names('benchlab.call.duration')).toEqual(['job.observed', 'job.inner', 'job.outer']);
  });

  test('never is one series with another function', async () => {
    counted('twice', () => 1)();
    counted('twice', () => 2)();
    const [first, second] = await names('twice');
    expect(first).toMatch(/^anonymous/);
    expect(second).toMatch(/^anonymous#\d+$/);
    expect(second).not.toBe(first);
  });

  test('that is made again at the same place is the same', async () => {
    for (let k = 0; k < 3; k++) counted('again', () => k)();
    expect(Object.values(await recorder.points('again'))).toEqual([3]);
  });
});

test('two functions of one name are two series; their own names begin both', async () => {
  const first = { run: () => 1 }.run;
  const second = { run: () => 2 }.run;
  counted('runs', first)();
  counted('runs', second)();
  expect(await names('runs')).toEqual(['run', 'run#2']);
});

test('a function that is marked in two places has one name', async () => {
  const save = { save: () => 1 }.save;
  timed(save)();
  counted('saves', save)();
  expect(await names('saves')).toEqual(await names('benchlab.call.duration'));
});

test.each<[string, typeof Error.prepareStackTrace]>([
  ['a list', (_error, calls) => calls],
  ['absent', () => undefined],
])('a stack that is %s does not keep a function from being marked', (_what, prepare) => {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = prepare;
  try {
    expect(counted('stackless', () => 5)()).toBe(5);
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
});

describe('without the global variable process, as in a browser', () => {
  beforeEach(() => void vi.stubGlobal('process', undefined));
  afterEach(() => void vi.unstubAllGlobals());

  test('functions and methods are marked', () => {
    class T {
      run(): number {
        return 6;
      }
    }
    const descriptor = Object.getOwnPropertyDescriptor(T.prototype, 'run') as TypedPropertyDescriptor<() => number>;
    expect(Span({ name: 'run' })(T.prototype, 'run', descriptor).value?.call(new T())).toBe(6);
  });
});

test('functionName gives the name of functions and methods', async () => {
  counted({ metric: 'named', functionName: 'Shop.pay' }, () => 0)();
  spanned({ functionName: 'Shop.buy' }, () => 0)();
  class T {
    run(): void {}
  }
  const descriptor = Object.getOwnPropertyDescriptor(T.prototype, 'run') as TypedPropertyDescriptor<() => void>;
  Span({ functionName: 'Orders.run' })(T.prototype, 'run', descriptor).value?.call(new T());
  expect(await names('named')).toEqual(['Shop.pay']);
  expect(recorder.span('Shop.buy').attributes).toEqual({ 'code.function.name': 'Shop.buy' });
  expect(recorder.span('Orders.run').attributes).toEqual({ 'code.function.name': 'Orders.run' });
});

test('className gives the name of a class to all spans of its methods', () => {
  class T {
    run(): void {}
  }
  Traced({ className: 'Orders' })(T);
  new T().run();
  expect(recorder.span('Orders.run').attributes).toEqual({ 'code.function.name': 'Orders.run' });
});

describe('an error that one mark expects', () => {
  const failing = () => {
    throw new RangeError('not found');
  };
  const expected = (error: unknown) => error instanceof RangeError;

  test.each<[string, () => () => void]>([
    ['inside', () => counted('outcomes', spanned({ name: 'failing', expected }, failing))],
    ['around', () => spanned({ name: 'failing' }, counted({ metric: 'outcomes', expected }, failing))],
    ['in one', () => counted('outcomes', observed({ name: 'failing', expected }, failing))],
  ])('is expected by the other marks of the function: %s', async (_where, make) => {
    expect(make()).toThrow(RangeError);
    expect(Object.keys(await recorder.points('outcomes'))).toEqual([expect.not.stringContaining('error.type')]);
    expect(recorder.span('failing').status.code).toBe(0);
  });

  test('is not expected by the mark of the same function elsewhere', async () => {
    spanned({ name: 'failing', expected }, failing);
    expect(counted('elsewhere', failing)).toThrow(RangeError);
    expect(Object.keys(await recorder.points('elsewhere'))).toEqual([expect.stringContaining('RangeError')]);
  });
});

describe('two classes of one name', () => {
  const marked = (make: () => new () => { run(): void }) => {
    const T = make();
    const descriptor = Object.getOwnPropertyDescriptor(T.prototype, 'run') as TypedPropertyDescriptor<() => void>;
    Object.defineProperty(T.prototype, 'run', Span(T.prototype, 'run', descriptor));
    return new T();
  };

  test('are reported when a method of both has run, because a bundler that shortens names makes them one series', () => {
    const orders = marked(
      () =>
        ({
          e: class {
            run(): void {}
          },
        }).e,
    );
    const users = marked(
      () =>
        ({
          e: class {
            run(): void {}
            stop(): void {}
          },
        }).e,
    );
    orders.run();
    expect(recorder.troubles).toEqual([]);
    users.run();
    users.run();
    expect(recorder.troubles).toEqual([
      'benchlab-otel: decorators: two classes have a method named e.run, so that their spans and series are one. ' +
        'Keep names in the bundler, or set functionName.',
    ]);
  });

  test('are not reported where one class was loaded twice', () => {
    const load = () =>
      marked(
        () =>
          ({
            Reloaded: class {
              run(): void {}
            },
          }).Reloaded,
      );
    load().run();
    load().run();
    expect(recorder.troubles).toEqual([]);
  });
});

// The last test, because it fills what the functions of this process share.
test('names and functions without end are remembered up to a bound', () => {
  for (let k = 0; k < 2_100; k++) counted('many', new Function(`return ${k}`) as () => number);
  for (let k = 0; k < 100; k++) counted({ metric: 'other' }, { [`order ${k}`]: () => k }[`order ${k}`] as () => number);
  const known = Reflect.get(globalThis, Symbol.for('benchlab-otel.sdk.places.1')) as Map<string, number>;
  expect(known.size).toBeLessThanOrEqual(2_001);
});
