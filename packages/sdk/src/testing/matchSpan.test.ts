import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { type ExpectedSpan, findSpans, matchSpan } from './matchSpan.ts';
import type { RecordedSpan } from './recordedSpan.ts';

function span(name: string, more: Partial<RecordedSpan> = {}): RecordedSpan {
  return {
    name,
    kind: SpanKind.INTERNAL,
    traceId: 't',
    spanId: name,
    attributes: {},
    status: { code: SpanStatusCode.UNSET },
    events: [],
    links: [],
    durationMs: 20,
    scope: 'shop',
    ...more,
  };
}

const failed = { code: SpanStatusCode.ERROR, message: 'declined by bank' };
const spans = [
  span('price', { parentSpanId: 'checkout', attributes: { 'cart.items': 3, skus: ['a', 'b'] } }),
  span('charge', {
    parentSpanId: 'checkout',
    kind: SpanKind.CLIENT,
    status: failed,
    events: [{ name: 'retry', attributes: {} }],
  }),
  span('checkout'),
  span('notify', { parentSpanId: 'elsewhere' }),
];

describe('a span is found', () => {
  test.each<[string, ExpectedSpan, string[]]>([
    ['by its name', { name: 'price' }, ['price']],
    ['by a pattern', { name: /^ch/ }, ['charge', 'checkout']],
    ['by its kind', { kind: SpanKind.CLIENT }, ['charge']],
    ['by some of its attributes', { attributes: { 'cart.items': 3 } }, ['price']],
    ['by a list', { attributes: { skus: ['a', 'b'] } }, ['price']],
    ['by a matcher of the framework', { attributes: { 'cart.items': expect.closeTo(3.001, 2) } }, ['price']],
    ['by an attribute that it does not have', { name: 'price', attributes: { 'error.type': undefined } }, ['price']],
    ['by its status', { status: 'error', statusMessage: /bank/ }, ['charge']],
    ['as a root', { parent: null }, ['checkout']],
    ['by its parent', { parent: 'checkout' }, ['price', 'charge']],
    ['by an event', { events: ['retry'] }, ['charge']],
    ['by its duration', { name: 'price', durationMs: expect.closeTo(20, 5) }, ['price']],
    ['by nothing at all', {}, ['price', 'charge', 'checkout', 'notify']],
  ])('%s', (_name, expected, names) => {
    expect(findSpans(spans, expected).map(({ name }) => name)).toEqual(names);
    expect(matchSpan(spans, expected).pass).toBe(true);
  });

  test('as often as a test expects', () => {
    expect(matchSpan(spans, { parent: 'checkout', times: 2 }).pass).toBe(true);
    expect(matchSpan(spans, { parent: 'checkout', times: 1 }).pass).toBe(false);
    expect(matchSpan(spans, { name: 'refund', times: 0 }).pass).toBe(true);
  });
});

describe('the message', () => {
  const message = (expected: ExpectedSpan, among: readonly RecordedSpan[] = spans) => {
    const match = matchSpan(among, expected);
    expect(match.pass).toBe(false);
    return match.message();
  };

  test('names each difference of the nearest spans', () => {
    expect(message({ name: 'price', attributes: { 'cart.items': 4, tier: 'gold' }, status: 'error' })).toBe(
      [
        "Expected a span { name: 'price', attributes: { 'cart.items': 4, tier: 'gold' }, status: 'error' }. The 4 that were recorded differ; the nearest:",
        "  'price': status is unset, not error; cart.items is 3, not 4; tier is missing, expected 'gold'",
        "  'charge': its name is not 'price'; cart.items is missing, expected 4; tier is missing, expected 'gold'",
        "  'notify': its name is not 'price'; status is unset, not error; cart.items is missing, expected 4; tier is missing, expected 'gold'",
      ].join('\n'),
    );
  });

  test('begins with the name that was mistyped', () => {
    expect(message({ name: 'chekout' })).toMatch(/nearest:\n {2}'checkout': its name is not 'chekout'/);
  });

  test('names the parent that a span has, and the one that is not recorded', () => {
    expect(message({ name: 'price', parent: null })).toContain("its parent is 'checkout', not null");
    expect(message({ name: 'checkout', parent: 'price' })).toContain("its parent is null, not 'price'");
    expect(message({ name: 'notify', parent: 'checkout' })).toContain('(not recorded: elsewhere)');
  });

  test('counts the spans that it does not list', () => {
    expect(message({ name: 'charge', kind: SpanKind.SERVER })).toContain('kind is 2, not 1');
    expect(message({ name: 'charge', events: ['refund'] })).toContain("it has no event 'refund'");
    expect(message({ name: 'charge', durationMs: 5 })).toContain('it took 20 ms, not 5');
    expect(message({ name: 'charge', statusMessage: 'ok' })).toContain("is 'declined by bank', not 'ok'");
    expect(message({ name: 'price', times: 2 })).toMatch(
      /Expected 2 spans .*; there are 1:\n {2}'price' in 'checkout'/,
    );
    expect(message({ name: 'price' }, [])).toContain('no span has ended');
  });

  test('of a span that .not finds lists it', () => {
    const { pass, message: why } = matchSpan(spans, { name: 'price' });
    expect(pass).toBe(true);
    expect(why()).toContain("there are 1:\n  'price' in 'checkout' { 'cart.items': 3");
  });

  test('is short, however large the spans are', () => {
    const huge = Array.from({ length: 100 }, (_, n) =>
      span(`${n}${'x'.repeat(10_000)}`, { attributes: { body: 'y'.repeat(1_000_000) } }),
    );
    expect(message({ name: 'z'.repeat(10_000), attributes: { body: 'other' } }, huge).length).toBeLessThan(50_000);
  });
});
