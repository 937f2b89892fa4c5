import type { ClockAnchor } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { countLogRecords, countMetrics, decodeSpans } from './decodeSpans.ts';

const anchor: ClockAnchor = { timeNs: 5e9, epochNs: 1_700_000_000_000_000_000n, uncertaintyNs: 100 };
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
  const [span] = decodeSpans(request(valid), anchor).spans;

  expect(span).toMatchObject({ startNs: 5e9 + 1, endNs: 6e9 + 1, uncertaintyNs: 100 });
});

it('puts a start that was cut off to a whole millisecond in the middle of it, and says how far off that may be', () => {
  const cut = { ...valid, startTimeUnixNano: '1700000000001000000', endTimeUnixNano: '1700000000002000007' };

  const [span] = decodeSpans(request(cut), anchor).spans;

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
  expect(decodeSpans(request({ ...valid, ...fields }), anchor).spans).toMatchObject([expected]);
});

it('has no parent where the id of it is empty or all zero', () => {
  const { spans } = decodeSpans(
    request({ ...valid, parentSpanId: Buffer.alloc(0) }, { ...valid, parentSpanId: Buffer.alloc(8) }),
    anchor,
  );

  expect(spans.map((span) => 'parentSpanId' in span)).toEqual([false, false]);
});

it.each([
  ['no trace id', { traceId: undefined }],
  ['a short span id', { spanId: Buffer.from('b7', 'hex') }],
  ['an id that is all zero', { spanId: Buffer.alloc(8) }],
  ['an id that is no hexadecimal', { traceId: 'z'.repeat(32) }],
  ['no start', { startTimeUnixNano: undefined }],
  ['a start of zero', { startTimeUnixNano: '0' }],
  ['an end before its start', { endTimeUnixNano: '1700000000000000000' }],
  ['a time that is no number', { endTimeUnixNano: 'soon' }],
  ['a negative time', { startTimeUnixNano: -5 }],
])('counts a span with %s as invalid and keeps the others', (_, fields) => {
  const { spans, invalid } = decodeSpans(request({ ...valid, ...fields }, valid), anchor);

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
])('refuses what does not have the shape of a request: %j', (malformed) => {
  expect(() => decodeSpans(malformed, anchor)).toThrow(TypeError);
});

it('takes an empty request, and counts nothing in it', () => {
  expect(decodeSpans({}, anchor)).toEqual({ spans: [], invalid: 0 });
  expect([countMetrics({}), countLogRecords({ resourceLogs: [{}] })]).toEqual([0, 0]);
});
