import { describe, expect, it } from 'vitest';
import { span } from '../operations/example.suite.ts';
import type { Expectations, SeriesExpectation, SpanExpectation } from './expectations.ts';
import { judgeExpectations, type Lost } from './judgeExpectations.ts';
import type { NumberTest } from './numberTest.ts';
import type { Observed, ObservedSeries } from './observed.ts';

const none: Observed = { series: [], spans: [], logs: [] };
const atLeastOne: NumberTest = { comparison: '>=', limit: 1 };

function spans(...given: readonly Partial<SpanExpectation>[]): Expectations {
  return {
    series: [],
    spans: given.map((each) => ({ name: 'checkout', count: atLeastOne, attributes: {}, ...each })),
    logs: [],
  };
}

function series(given: Partial<SeriesExpectation>): Expectations {
  return { series: [{ name: 'orders_total', labels: {}, atLeast: 1, ...given }], spans: [], logs: [] };
}

function family(more: Partial<ObservedSeries> = {}): Observed {
  const points = [{ labels: { shop: 'a' }, value: 3, delta: 3, exemplars: 0 }];
  return { ...none, series: [{ name: 'orders_total', type: 'counter', points, ...more }] };
}

function outcome(expectations: Expectations, observed: Observed, lost: Lost = {}) {
  return judgeExpectations(expectations, observed, lost)[0]?.outcome;
}

function reason(expectations: Expectations, observed: Observed) {
  return judgeExpectations(expectations, observed)[0]?.reason;
}

const checkouts: Observed = { ...none, spans: [span('checkout', 0, 1), span('checkout', 2, 3)] };

describe('a span that is expected', () => {
  it('has one judgement, with what was asked, what arrived and how many', () => {
    expect(judgeExpectations(spans({ kind: 'internal' }), checkouts)).toEqual([
      {
        kind: 'presence',
        name: 'span checkout',
        outcome: 'pass',
        observed: '2 spans',
        limit: 'count >= 1, kind internal',
        n: 2,
      },
    ]);
  });

  it('states how many lack an attribute, and the nearest name', () => {
    const observed = {
      ...none,
      spans: [
        span('checkout', 0, 1, { attributes: { 'order.id': '1' } }),
        span('checkout', 1, 2, { attributes: { 'order.uid': '2' } }),
        span('checkout', 2, 3, { attributes: { 'order.uid': '3' } }),
      ],
    };

    expect(reason(spans({ attributes: { 'order.id': {} } }), observed)).toBe(
      '3 spans named checkout arrived; the attribute order.id is missing on 2 of them; nearest: order.uid',
    );
  });

  it('passes with none only where none may arrive, and while others do', () => {
    const other = { ...none, spans: [span('price', 0, 1)] };
    const count = (comparison: NumberTest['comparison'], limit: number) => spans({ count: { comparison, limit } });

    expect(outcome(count('==', 0), other)).toBe('pass');
    expect(outcome(count('<', 1), other)).toBe('pass');
    expect(outcome(count('<', 5), other)).toBe('fail');
    expect(reason(count('<', 5), other)).toContain('and < 5 does not pass without one');
    expect(outcome(count('==', 0), none)).toBe('inconclusive');
    expect(outcome(count('==', 0), checkouts)).toBe('fail');
  });

  it('shows no text of an attribute that can hold a secret, and shortens long ones', () => {
    const attributes = { 'api.token': 'hunter2', note: 'x'.repeat(100) };
    const observed = { ...none, spans: [span('checkout', 0, 1, { attributes })] };
    const tests = { 'api.token': { oneOf: ['a'] }, note: { type: 'int' as const } };

    const text = reason(spans({ attributes: tests }), observed) ?? '';

    expect(text).not.toContain('hunter2');
    expect(text).toContain('api.token is a text that is not shown on it');
    expect(text).toContain(`"${'x'.repeat(59)}…`);
  });

  it('matches no pattern against a text of more than 4,096 characters', () => {
    const observed = { ...none, spans: [span('checkout', 0, 1, { attributes: { note: 'a'.repeat(5000) } })] };

    expect(reason(spans({ attributes: { note: { pattern: 'a' } } }), observed)).toContain('a text of 5000 characters');
  });

  it('states at most five problems, and how many more there are', () => {
    const attributes = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`key${index}`, {}]));

    expect(reason(spans({ attributes }), checkouts)).toMatch(/key4 is missing on all 2 of them; and 4 more problems$/);
  });
});

describe('a series that is expected', () => {
  it('needs all of its labels in one label set', () => {
    const points = [
      { labels: { shop: 'a', kind: 'x' }, value: 1, exemplars: 0 },
      { labels: { shop: 'b', kind: 'y' }, value: 1, exemplars: 0 },
    ];

    expect(outcome(series({ labels: { shop: 'a' } }), family({ points }))).toBe('pass');
    expect(reason(series({ labels: { shop: 'a', kind: 'y' } }), family({ points }))).toContain(
      '0 label sets have {shop="a",kind="y"}, and 1 must: no label set has all of them',
    );
  });

  it('adds up how much its label sets grew, and holds the value of each', () => {
    const points = [1, 2].map((value) => ({ labels: { shop: `${value}` }, value, delta: value, exemplars: 0 }));
    const test = (comparison: NumberTest['comparison'], limit: number) => ({ comparison, limit });

    expect(outcome(series({ delta: test('==', 3) }), family({ points }))).toBe('pass');
    expect(outcome(series({ value: test('<=', 2) }), family({ points }))).toBe('pass');
    expect(reason(series({ value: test('>', 1) }), family({ points }))).toContain(
      '1 of them has the value 1 at {shop="1"}, and the value must be > 1',
    );
  });

  it('that is a part of a histogram is pointed to the histogram', () => {
    const observed = family({ name: 'latency_seconds', type: 'histogram' });

    expect(reason(series({ name: 'latency_seconds_bucket' }), observed)).toContain(
      'it is a part of the histogram latency_seconds, which is the name to ask for',
    );
  });

  it.each([
    ['s', 's', true],
    ['s', 'seconds', true],
    ['seconds', 's', true],
    ['ms', 's', false],
    [undefined, 's', true], // the name ends in _seconds
    [undefined, 'By', false],
    [undefined, '{order}', true],
  ])('of unit %j, asked for in %j: %j', (unit, wanted, isMet) => {
    const observed = family({ name: 'wait_seconds', type: 'gauge', ...(unit === undefined ? {} : { unit }) });

    expect(outcome(series({ name: 'wait_seconds', unit: wanted }), observed) === 'pass').toBe(isMet);
  });
});

describe('what was lost', () => {
  const lost = { spans: 'lost: 7 spans', series: 'lost: 2 data points' };

  it('makes a span that is missing undecided, and one that is wrong stays a failure', () => {
    expect(outcome(spans({ name: 'price' }), checkouts, lost)).toBe('inconclusive');
    expect(outcome(spans({ kind: 'server' }), checkouts, lost)).toBe('fail');
    expect(judgeExpectations(spans({ name: 'price' }), checkouts, lost)[0]?.reason).toContain(
      'lost: 7 spans, which could change this',
    );
  });

  it('is marked on what it leaves undecided, also where nothing else arrived', () => {
    const marked = (expectations: Expectations, observed: Observed, ...given: [Lost?]) =>
      judgeExpectations(expectations, observed, ...given).map(({ telemetryIsMissing }) => telemetryIsMissing);

    expect(marked(spans({ name: 'price' }), checkouts, lost)).toEqual([true]);
    expect(marked(spans({}), none, lost)).toEqual([true]);
    expect(marked(spans({}), none)).toEqual([undefined]);
    expect(marked(spans({ kind: 'server' }), checkouts, lost)).toEqual([undefined]);
    expect(marked(spans({}), checkouts, lost)).toEqual([undefined]);
  });

  it('leaves a count that can only grow, and makes undecided what a lost span could break', () => {
    expect(outcome(spans({}), checkouts, lost)).toBe('pass');
    expect(outcome(spans({ kind: 'internal' }), checkouts, lost)).toBe('inconclusive');
    expect(outcome(spans({ count: { comparison: '<', limit: 3 } }), checkouts, lost)).toBe('inconclusive');
    expect(outcome(spans({ count: { comparison: '<', limit: 2 } }), checkouts, lost)).toBe('fail');
    expect(outcome(spans({ count: { comparison: '==', limit: 1 } }), checkouts, lost)).toBe('fail');
    expect(outcome(spans({ count: { comparison: '==', limit: 3 } }), checkouts, lost)).toBe('inconclusive');
  });

  it('makes a value undecided, and a delta that can only grow stays', () => {
    expect(outcome(series({ value: { comparison: '>', limit: 0 } }), family(), lost)).toBe('inconclusive');
    expect(outcome(series({ delta: { comparison: '>=', limit: 1 } }), family(), lost)).toBe('pass');
    expect(outcome(series({}), family(), lost)).toBe('pass');
  });
});

it('a ring of spans ends the search for the span of a log record', () => {
  const ring = [
    span('a', 0, 1, { spanId: '1', parentSpanId: '2' }),
    span('b', 0, 1, { spanId: '2', parentSpanId: '1' }),
  ];
  const [{ traceId } = { traceId: '' }] = ring;
  const logs = [{ eventName: 'x', attributes: {}, traceId, spanId: '1', resource: {}, scope: { name: '' } }];
  const expected = { series: [], spans: [], logs: [{ event: 'x', atLeast: 1, fields: {}, within: 'c' }] };

  expect(reason(expected, { series: [], spans: ring, logs })).toContain('it is within a, not within c');
});
