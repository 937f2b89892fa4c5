import { expect, test } from 'vitest';
import type { NamedSpan } from './frontier.ts';
import { placedSpans } from './placedSpans.ts';

const uncertaintyNs = 510_000;
let ids = 0;

/** A span as received from OpenTelemetry JS: its start cut off to a millisecond and stated as the middle of it, in us. */
function cut(startUs: number, durationUs: number, more: Partial<NamedSpan> = {}): NamedSpan {
  const startNs = (Math.floor(startUs / 1000) + 0.5) * 1e6;
  return { spanId: `s${ids++}`, name: 'a', startNs, endNs: startNs + durationUs * 1e3, uncertaintyNs, ...more };
}

const us = (spans: readonly NamedSpan[]) => spans.map(({ startNs, endNs }) => [startNs / 1e3, endNs / 1e3]);

/** Time with a span in flight, us. */
function unionUs(spans: readonly NamedSpan[]): number {
  let [sum, until] = [0, 0];
  for (const { startNs, endNs } of spans.toSorted((a, b) => a.startNs - b.startNs)) {
    sum += Math.max(0, endNs - Math.max(until, startNs));
    until = Math.max(until, endNs);
  }
  return sum / 1e3;
}

test('short calls of one millisecond follow each other in the middle of it', () => {
  const [first, second] = us(placedSpans([cut(10_000, 100), cut(10_300, 100)]));

  expect(first).toEqual([10_450, 10_550]);
  expect(second).toEqual([10_550, 10_650]);
});

test('a span that is alone in its millisecond stays in the middle of it', () => {
  expect(us(placedSpans([cut(10_000, 100), cut(20_000, 40_000)]))).toEqual([
    [10_500, 10_600],
    [20_500, 60_500],
  ]);
});

test('the time with a call in flight is that of calls back to back, whose stated starts lie on each other', () => {
  for (const durationUs of [50, 333, 777, 2400]) {
    const spans = Array.from({ length: 500 }, (_, k) => cut(1000 + k * durationUs, durationUs));

    expect(unionUs(spans)).toBeLessThan(0.95 * 500 * durationUs);
    expect(unionUs(placedSpans(spans)) / (500 * durationUs), `${durationUs} us`).toBeCloseTo(1, 2);
  }
});

test('no span leaves its millisecond, and none changes its duration', () => {
  const spans = Array.from({ length: 300 }, (_, k) => cut(1000 + ((k * 7919) % 50_000), 20 + ((k * 37) % 3000)));

  for (const [k, span] of placedSpans(spans).entries()) {
    const stated = spans[k]?.startNs ?? 0;
    expect(Math.abs(span.startNs - stated)).toBeLessThanOrEqual(500_000);
    expect(span.endNs - span.startNs).toBeCloseTo((spans[k]?.endNs ?? 0) - stated, 3);
  }
});

test('parts lie within their parents, one after another', () => {
  const parents = [cut(1000, 200), cut(1400, 200)];
  const parts = parents.flatMap(({ spanId: parentSpanId }) => [
    cut(1000, 80, { parentSpanId }),
    cut(1100, 80, { parentSpanId }),
  ]);

  const [a, b, a1, a2, b1, b2] = placedSpans([...parents, ...parts]);

  for (const [parent, first, second] of [
    [a, a1, a2],
    [b, b1, b2],
  ]) {
    expect(first?.startNs).toBeGreaterThanOrEqual(parent?.startNs ?? Number.NaN);
    expect(second?.startNs).toBeGreaterThanOrEqual(first?.endNs ?? Number.NaN);
    expect(second?.endNs).toBeLessThanOrEqual((parent?.endNs ?? Number.NaN) + 1e-3);
  }
});

test('a part that runs on after its parent has ended stays in the middle of its millisecond', () => {
  const parent = cut(1000, 200);
  const [, late] = us(placedSpans([parent, cut(9000, 5000, { parentSpanId: parent.spanId })]));

  expect(late).toEqual([9500, 14_500]);
});

test('calls that are longer than the millisecond and start in it run at the same time', () => {
  const [a, b] = placedSpans([cut(1000, 5000), cut(1200, 5000)]);

  expect(b?.startNs).toBeLessThan(a?.endNs ?? 0);
});

test('spans of two processes do not wait for each other', () => {
  const spans = [cut(1000, 900), cut(1000, 900)];

  expect(us(placedSpans(spans, (index) => index))).toEqual([
    [1500, 2400],
    [1500, 2400],
  ]);
});

test('precise spans stay as they are, also next to others', () => {
  const precise = cut(1000, 100, { startNs: 1_234_567, endNs: 1_334_567, uncertaintyNs: 20_000 });

  const alone = [precise];
  expect(placedSpans(alone)).toBe(alone);
  expect(placedSpans([precise, cut(1000, 100)])[0]).toEqual(precise);
});

test('spans that are their own parents, or each other’s, stay as they are', () => {
  const spans = [
    cut(1000, 100, { spanId: 'x', parentSpanId: 'y' }),
    cut(1000, 100, { spanId: 'y', parentSpanId: 'x' }),
    cut(1000, 100, { spanId: 'z', parentSpanId: 'z' }),
  ];

  expect(placedSpans(spans)).toEqual(spans);
});
