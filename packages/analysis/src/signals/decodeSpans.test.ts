import type { ClockAnchor } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { decodeLogs } from './decodeLogs.ts';
import { decodeMetrics } from './decodeMetrics.ts';
import { decodeSpans } from './decodeSpans.ts';
import { Origins } from './origin.ts';
import { TextPool } from './textPool.ts';

const anchor: ClockAnchor = { timeNs: 5e9, epochNs: 1_700_000_000_000_000_000n, uncertaintyNs: 100 };
const texts = new TextPool();
const parts = { anchor, texts, origins: new Origins(texts) };
const valid = {
  traceId: Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex'),
  spanId: Buffer.from('b7ad6b7169203331', 'hex'),
  name: 'checkout',
  startTimeUnixNano: '1700000000000000001',
  endTimeUnixNano: '1700000001000000001',
};

function request(...spans: unknown[]) {
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] };
}

it('translates times to the monotonic clock, exact to the nanosecond near the anchor', () => {
  const [span] = decodeSpans(request(valid), parts).spans;

  expect(span).toMatchObject({ startNs: 5e9 + 1, endNs: 6e9 + 1, uncertaintyNs: 100 });
});

it('puts a start that was cut off to a whole millisecond in its middle, and states how far off that may be', () => {
  const cut = { ...valid, startTimeUnixNano: '1700000000001000000', endTimeUnixNano: '1700000000002000007' };

  const [span] = decodeSpans(request(cut), parts).spans;

  expect(span).toMatchObject({ startNs: 5e9 + 1.5e6, endNs: 5e9 + 2.5e6 + 7, uncertaintyNs: 100 + 0.5e6 });
});

it.each([
  ['a kind that is not specified', { kind: 0 }, { kind: 0 }],
  ['a kind from the future', { kind: 99 }, { kind: 0 }],
  ['the kind server', { kind: 2 }, { kind: 1 }],
  ['an error', { status: { code: 2 } }, { failed: true }],
  ['success', { status: { code: 1 } }, { failed: false }],
  ['no status', { status: null }, { failed: false }],
  ['a name of any length', { name: 'x'.repeat(1000) }, { name: 'x'.repeat(256) }],
  ['no name', { name: undefined }, { name: '' }],
])('reads a span with %s', (_, fields, expected) => {
  expect(decodeSpans(request({ ...valid, ...fields }), parts).spans).toMatchObject([expected]);
});

it('has no parent where the id of it is empty or all zero', () => {
  const { spans } = decodeSpans(
    request({ ...valid, parentSpanId: Buffer.alloc(0) }, { ...valid, parentSpanId: Buffer.alloc(8) }),
    parts,
  );

  expect(spans.map((span) => 'parentSpanId' in span)).toEqual([false, false]);
});

it.each([
  ['no trace id', { traceId: undefined }],
  ['a short span id', { spanId: Buffer.from('b7', 'hex') }],
  ['an id that is all zero', { spanId: Buffer.alloc(8) }],
  ['an id that is not hexadecimal', { traceId: 'z'.repeat(32) }],
  ['no start', { startTimeUnixNano: undefined }],
  ['a start of zero', { startTimeUnixNano: '0' }],
  ['an end before its start', { endTimeUnixNano: '1700000000000000000' }],
  ['a time that is not a number', { endTimeUnixNano: 'soon' }],
  ['a negative time', { startTimeUnixNano: -5 }],
])('counts a span with %s as invalid and keeps the others', (_, fields) => {
  const { spans, invalid } = decodeSpans(request({ ...valid, ...fields }, valid), parts);

  expect([spans.length, invalid]).toEqual([1, 1]);
});

it.each([
  null,
  undefined,
  5,
  'text',
  [],
  { resourceSpans: {} },
  { resourceSpans: [null] },
  request('span'),
  request({ ...valid, status: 'bad' }),
  request({ ...valid, attributes: {} }),
  request({ ...valid, attributes: [null] }),
  request({ ...valid, events: 'none' }),
  { resourceSpans: [{ resource: 5, scopeSpans: [] }] },
  { resourceSpans: [{ scopeSpans: [{ scope: [], spans: [valid] }] }] },
])('refuses what does not have the shape of a request: %j', (malformed) => {
  expect(() => decodeSpans(malformed, parts)).toThrow(TypeError);
});

it('takes an empty request, and counts nothing in it', () => {
  expect(decodeSpans({}, parts)).toEqual({ spans: [], invalid: 0 });
  expect(decodeMetrics({}, parts)).toEqual({ points: [], metrics: 0, invalid: 0 });
  expect(decodeLogs({ resourceLogs: [{}] }, parts)).toEqual([]);
});

const text = (stringValue: string) => ({ stringValue });
const attributes = [
  { key: 'http.route', value: text('/cart') },
  { key: 'http.response.status_code', value: { intValue: '200' } },
];

it('keeps attributes, status, resource, scope, events and links', () => {
  const full = {
    ...valid,
    attributes,
    status: { code: 2, message: 'declined' },
    events: [{ name: 'retry', timeUnixNano: '1700000000500000001', attributes }],
    links: [{ traceId: valid.traceId, spanId: valid.spanId, attributes }],
  };
  const { spans } = decodeSpans(
    {
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: text('shop') }] },
          scopeSpans: [{ scope: { name: 'checkout', version: '2.1' }, spans: [full] }],
        },
      ],
    },
    parts,
  );
  const expected = { 'http.route': '/cart', 'http.response.status_code': 200 };

  expect(spans).toMatchObject([
    {
      attributes: expected,
      status: { code: 'error', message: 'declined' },
      failed: true,
      resource: { 'service.name': 'shop' },
      scope: { name: 'checkout', version: '2.1' },
      events: [{ name: 'retry', timeNs: 5.5e9 + 1, attributes: expected }],
      links: [{ traceId: valid.traceId.toString('hex'), spanId: valid.spanId.toString('hex'), attributes: expected }],
      dropped: 0,
    },
  ]);
});

it.each([
  [{ stringValue: '' }, ''],
  [{ boolValue: false }, false],
  [{ intValue: '0' }, 0],
  [{ intValue: 7 }, 7],
  [{ intValue: '9223372036854775807' }, '9223372036854775807'],
  [{ doubleValue: 0.5 }, 0.5],
  [{ doubleValue: 'NaN' }, Number.NaN],
  [{ bytesValue: Buffer.from('hi') }, 'aGk='],
  [{ arrayValue: { values: [text('a'), text('b')] } }, ['a', 'b']],
  [{ arrayValue: { values: [text('a'), { intValue: 1 }] } }, '["a",1]'],
  [{ arrayValue: {} }, []],
  [{ kvlistValue: { values: [{ key: '__proto__', value: text('x') }] } }, '{"__proto__":"x"}'],
])('keeps the attribute value %j as %j', (value, expected) => {
  const [span] = decodeSpans(request({ ...valid, attributes: [{ key: 'a', value }] }), parts).spans;

  expect(span?.attributes).toEqual({ a: expected });
});

it.each([[{}], [null], [undefined], [{ intValue: 'many' }], ['text']])(
  'drops and counts the attribute value %j',
  (value) => {
    const [span] = decodeSpans(request({ ...valid, attributes: [{ key: 'a', value }] }), parts).spans;

    expect(span).toMatchObject({ attributes: {}, dropped: 1 });
  },
);

it('keeps 128 attributes, events and links of a span, and counts the others with those that the sender dropped', () => {
  const many = <Item>(item: (k: number) => Item) => Array.from({ length: 130 }, (_, k) => item(k));
  const [span] = decodeSpans(
    request({
      ...valid,
      attributes: many((k) => ({ key: `k${k}`, value: { intValue: k } })),
      events: many((k) => ({ name: `e${k}` })),
      links: many(() => ({ traceId: valid.traceId, spanId: valid.spanId })),
      droppedAttributesCount: 10,
      droppedEventsCount: 5,
      droppedLinksCount: 1,
    }),
    parts,
  ).spans;

  expect(span).toMatchObject({ dropped: 3 * 2 + 16 });
  expect([Object.keys(span?.attributes ?? {}).length, span?.events.length, span?.links.length]).toEqual([
    128, 128, 128,
  ]);
});

it('leaves out what lies deeper than 16 lists in each other', () => {
  let value: object = text('deep');
  for (let depth = 0; depth < 10_000; depth++) value = { arrayValue: { values: [value] } };

  const [span] = decodeSpans(request({ ...valid, attributes: [{ key: 'a', value }] }), parts).spans;

  expect(String(span?.attributes.a)).toMatch(/^\[+null\]+$/);
});

it('refers to one resource and one scope from all spans of a program', () => {
  const from = (name: string) => ({
    resourceSpans: [
      { resource: { attributes: [{ key: 'service.name', value: text(name) }] }, scopeSpans: [{ spans: [valid] }] },
    ],
  });
  const [first, second, other] = ['shop', 'shop', 'bank'].map((name) => decodeSpans(from(name), parts).spans[0]);

  expect(second?.resource).toBe(first?.resource);
  expect(other?.resource).toEqual({ 'service.name': 'bank' });
});

it('keeps a span below the span that stands for the run as a root', () => {
  const [runSpanId, other] = ['00f067aa0ba902b7', '00f067aa0ba902b8'];
  const children = [runSpanId, other].map((id) => ({ ...valid, parentSpanId: Buffer.from(id, 'hex') }));
  const { spans } = decodeSpans(request(...children), { ...parts, runSpanId });
  expect(spans.map(({ parentSpanId }) => parentSpanId)).toEqual([undefined, other]);
});
