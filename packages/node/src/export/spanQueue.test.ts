import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { expect, it } from 'vitest';
import { SpanQueue } from './spanQueue.ts';

const spans = (count: number) => Array.from({ length: count }, (_, name) => ({ name: String(name) }) as ReadableSpan); // only counted and compared

it('hands out full batches in order, and the rest only where that is asked for', () => {
  const queue = new SpanQueue(10, 2);
  const [a, b, c] = spans(3) as [ReadableSpan, ReadableSpan, ReadableSpan];
  for (const span of [a, b, c]) queue.add(span);

  expect(queue.take(false)?.spans).toEqual([a, b]);
  expect(queue.take(false)).toBeUndefined();
  expect(queue.take(true)?.spans).toEqual([c]);
  expect([queue.take(true), queue.size]).toEqual([undefined, 0]);
});

it('has room for so many spans and no more, and again when some have left', () => {
  const queue = new SpanQueue(4, 2);
  const added = spans(6).map((span) => queue.add(span));
  expect([added, queue.size]).toEqual([[true, true, true, true, false, false], 4]);

  queue.take(false);

  expect(spans(3).map((span) => queue.add(span))).toEqual([true, true, false]);
});

it('loses and repeats nothing over many rounds of filling and emptying', () => {
  const queue = new SpanQueue(1_000, 3);
  const all = spans(5_000);
  const seen: ReadableSpan[] = [];
  all.forEach((span, k) => {
    expect(queue.add(span)).toBe(true);
    if (k % 7 === 6) for (let batch = queue.take(false); batch; batch = queue.take(false)) seen.push(...batch.spans);
  });
  for (let batch = queue.take(true); batch; batch = queue.take(true)) seen.push(...batch.spans);
  expect(seen).toEqual(all);
});

it('numbers batches, so that it can be told what waited before', () => {
  const queue = new SpanQueue(10, 2);
  expect(queue.newest).toBe(-1);
  for (const span of spans(3)) queue.add(span);
  expect([queue.oldest, queue.newest]).toEqual([0, 1]);
  queue.take(false);
  expect([queue.oldest, queue.newest]).toEqual([1, 1]);
});
