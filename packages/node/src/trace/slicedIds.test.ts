import { isValidSpanId, isValidTraceId } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { SlicedIds } from './slicedIds.ts';

test('ids are valid and different, over many pools', () => {
  const ids = new SlicedIds();
  const seen = new Set<string>();
  for (let i = 0; i < 20_000; i++) {
    const [traceId, spanId] = [ids.generateTraceId(), ids.generateSpanId()];
    if (!isValidTraceId(traceId) || !isValidSpanId(spanId)) expect.unreachable(`${traceId} ${spanId}`);
    seen.add(traceId).add(spanId);
  }
  expect(seen.size).toBe(40_000);
});

test('every digit is equally likely at every place', () => {
  const ids = new SlicedIds();
  const counts = new Map<string, number>();
  for (let i = 0; i < 16_000; i++)
    for (const digit of ids.generateSpanId()) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  // 256,000 digits, 16,000 of each; ten standard deviations are 1,225.
  expect([...counts.values()].filter((count) => Math.abs(count - 16_000) > 1_225)).toEqual([]);
  expect(counts.size).toBe(16);
});
