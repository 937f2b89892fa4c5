import type { ClockAnchor } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { decodeLogs } from './decodeLogs.ts';
import { Origins } from './origin.ts';
import { TextPool } from './textPool.ts';

const anchor: ClockAnchor = { timeNs: 5e9, epochNs: 1_700_000_000_000_000_000n, uncertaintyNs: 100 };
const texts = new TextPool();
const parts = { anchor, texts, origins: new Origins(texts) };
const request = (...logRecords: unknown[]) => ({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });

it('keeps times, severity, body, attributes and the span of a record', () => {
  const record = {
    timeUnixNano: '1700000001000000000',
    observedTimeUnixNano: '1700000002000000000',
    severityNumber: 9,
    severityText: 'INFO',
    eventName: 'order.placed',
    body: { kvlistValue: { values: [{ key: 'order', value: { intValue: 7 } }] } },
    attributes: [{ key: 'order', value: { intValue: 7 } }],
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
  };

  expect(decodeLogs(request(record), parts)).toEqual([
    {
      timeNs: 6e9,
      observedNs: 7e9,
      severityNumber: 9,
      severityText: 'INFO',
      eventName: 'order.placed',
      body: { order: 7 },
      attributes: { order: 7 },
      traceId: record.traceId,
      spanId: record.spanId,
      resource: {},
      scope: { name: '' },
    },
  ]);
});

it('leaves absent what a record does not state, or states as zero', () => {
  const zero = { timeUnixNano: '0', severityNumber: 0, severityText: '', traceId: Buffer.alloc(16), body: {} };

  expect(decodeLogs(request({}, zero), parts)).toEqual(
    [0, 1].map(() => ({ attributes: {}, resource: {}, scope: { name: '' } })),
  );
});

it.each([null, [], { resourceLogs: 1 }, request(5), request({ attributes: 'x' })])(
  'refuses what does not have the shape of a request: %j',
  (malformed) => {
    expect(() => decodeLogs(malformed, parts)).toThrow(TypeError);
  },
);
