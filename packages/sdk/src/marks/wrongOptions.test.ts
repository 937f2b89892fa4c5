import { OptionError } from '@benchlab-otel/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { withSpan } from '../api/withSpan.ts';
import { Counted, counted } from './counted.ts';
import { Gauged, gauged } from './gauged.ts';
import { InFlight, inFlight } from './inFlight.ts';
import { Observed, observed } from './observed.ts';
import { Span, spanned } from './span.ts';
import { Timed, timed } from './timed.ts';
import { Traced } from './traced.ts';

type Use = (options: unknown) => unknown;

/** As plain JavaScript calls a mark, and its form for functions. */
const uses = (mark: unknown, form: unknown): Use[] => [
  mark as Use,
  (options) => (form as (options: unknown, fn: () => number) => unknown)(options, () => 0),
];
const useTraced = [Traced as Use];
const useWithSpan: Use[] = [
  (options) => (withSpan as (name: string, options: unknown, fn: () => number) => unknown)('work', options, () => 0),
];

const gauge = { name: 'jobs', unit: '{job}', instrument: 'gauge', attributes: ['tier'] };
const ofSpans: Record<string, readonly unknown[]> = {
  kind: ['server', 5, -1, null],
  links: [{}, [{}], [3]],
  root: ['yes', 1],
};
const ofMarks: Record<string, readonly unknown[]> = {
  expected: [true, 'NotFound', /x/],
  functionName: ['', 3, () => 'x'],
};
const ofMetrics: Record<string, readonly unknown[]> = {
  ...ofMarks,
  metric: ['', '7 calls', 3, {}, [], { ...gauge, instrument: 'other' }],
  attributes: ['x', 3, ['a']],
};
const ofMethodSpans: Record<string, readonly unknown[]> = {
  ...ofSpans,
  ...ofMarks,
  name: ['', 3, {}],
  attributes: ['x', 3, ['a']],
  result: [{ a: 1 }, 'a'],
};
const buckets = [[1, 0.5], [0.5, Number.NaN], [1, 1], ['1'], 3];

/** Each option of each mark, and values that it must not have. */
const wrong: Record<string, { readonly uses: Use[]; readonly options: Record<string, readonly unknown[]> }> = {
  Span: { uses: uses(Span, spanned), options: ofMethodSpans },
  Observed: {
    uses: uses(Observed, observed),
    options: { ...ofMethodSpans, metric: ofMetrics.metric ?? [], buckets, labels: ['x', 3, ['a']] },
  },
  Timed: { uses: uses(Timed, timed), options: { ...ofMetrics, buckets } },
  Counted: { uses: uses(Counted, counted), options: { ...ofMetrics, only: ['never', true] } },
  InFlight: { uses: uses(InFlight, inFlight), options: ofMetrics },
  Gauged: { uses: uses(Gauged, gauged), options: { ...ofMetrics, unit: [3], value: ['size', 3] } },
  Traced: {
    uses: useTraced,
    options: {
      ...ofSpans,
      expected: [true],
      attributes: ['x', 3, () => ({})],
      inherited: ['no', 0],
      className: ['', 3],
      except: ['m', [3], {}],
    },
  },
  withSpan: {
    uses: useWithSpan,
    options: { ...ofSpans, attributes: ['x', () => ({})], startTime: ['now', [1], Number.NaN] },
  },
};

const needed = (by: string) => (by === 'Gauged' ? { metric: 'jobs' } : {});
const cases = Object.entries(wrong).flatMap(([by, { uses, options }]) =>
  Object.entries(options).flatMap(([option, values]) => values.map((value) => ({ by, uses, option, value }))),
);

test.each(cases)('$by: the option $option must not be $value', ({ by, uses, option, value }) => {
  for (const use of uses) {
    expect(() => use({ ...needed(by), [option]: value })).toThrow(
      expect.objectContaining({
        name: 'OptionError',
        option,
        value,
        message: expect.stringContaining(`${option} of ${by} is `),
      }),
    );
  }
});

test.each(Object.entries(wrong))(
  '%s refuses an option that it does not have, with the nearest',
  (by, { uses, options }) => {
    for (const use of uses) {
      for (const option of Object.keys(options)) {
        const slip = option.slice(0, -1);
        expect(() => use({ ...needed(by), [slip]: 1 })).toThrow(
          expect.objectContaining({ name: 'OptionError', option: slip }),
        );
        expect(() => use({ ...needed(by), [slip]: 1 })).toThrow(
          `it is not an option: the nearest option is ${option}.`,
        );
      }
    }
  },
);

test.each(Object.entries(wrong))('%s refuses what is not an object of options', (_by, { uses }) => {
  for (const use of uses) {
    for (const given of [3, true, [], Symbol('x')]) expect(() => use(given)).toThrow(OptionError);
  }
});

describe('is named with what is allowed:', () => {
  test.each<[string, () => unknown, string]>([
    [
      'a name that no instrument may have',
      () => counted('7 calls', () => 0),
      'metric of Counted is "7 calls". It must be a name like shop.orders, or the definition of a counter.',
    ],
    [
      'a metric of another kind',
      () => counted({ metric: gauge as never }, () => 0),
      'metric of Counted is an object. It must be a name like shop.orders, or the definition of a counter.',
    ],
    [
      'a metric that is not in seconds',
      () => timed({ metric: { ...gauge, instrument: 'histogram', unit: 'ms' } as never }, () => 0),
      'It must be a name like shop.orders, or the definition of a histogram in s.',
    ],
    [
      'a fixed attribute that the metric does not list',
      () => gauged({ metric: gauge as never, attributes: { host: 1 } }, () => 0),
      'attributes of Gauged is an object. It must be of attributes that the metric lists (tier): host is not one of them.',
    ],
    [
      'a gauge without a name',
      () => (gauged as (options: object, fn: () => number) => unknown)({}, () => 0),
      'metric of Gauged is undefined. It must be a name like',
    ],
    [
      'a name of withSpan',
      () => (withSpan as (name: unknown, fn: () => number) => unknown)({ nam: 'x' }, () => 0),
      'name of withSpan is an object. It must be a text that is not empty.',
    ],
    [
      'no function',
      () => (withSpan as (name: string) => unknown)('work'),
      'fn of withSpan is undefined. It must be a function.',
    ],
    [
      'a text in place of a function',
      () => (spanned as Use)('name'),
      'fn of spanned() is "name". It must be a function.',
    ],
  ])('%s', (_what, use, message) => {
    expect(use).toThrow(OptionError);
    expect(use).toThrow(message);
  });
});

test('options that are right, and undefined, are accepted', () => {
  const all = { kind: 1, links: [], root: false, attributes: { a: 1 } };
  Span({ ...all, name: 'x', result: () => ({}), expected: () => true, functionName: 'f' });
  Observed({ ...all, name: undefined as never, metric: 'a.b', buckets: [0.1, 1], labels: () => ({}) });
  Timed({ buckets: [], attributes: { tier: 'gold' } });
  Counted({ only: 'failure', metric: { ...gauge, instrument: 'counter' } as never, attributes: { tier: 1 } });
  Gauged({ metric: 'jobs', unit: '', value: (jobs: unknown[]) => jobs.length });
  Traced({ ...all, inherited: true, className: 'Shop', except: [] });
  for (const startTime of [0, new Date(), [1, 2] as [number, number]]) {
    expect(withSpan('work', { ...all, startTime }, () => 5)).toBe(5);
  }
});

describe('in production', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('wrong options are not looked for, and what is marked works', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    vi.resetModules();
    const { spanned: marked } = await import('./span.ts');
    const options = { nam: 'x', name: 3, attributes: 7, expected: true, functionName: 4 };
    expect((marked as (options: unknown, fn: () => number) => () => number)(options, () => 5)()).toBe(5);
    expect((marked as (options: unknown, fn: () => number) => () => number)(null, () => 6)()).toBe(6);
  });
});
