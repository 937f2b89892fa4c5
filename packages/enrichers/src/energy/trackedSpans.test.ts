import type { Interval } from '@benchlab-otel/analysis';
import { describe, expect, it } from 'vitest';
import { TrackedSpans } from './trackedSpans.ts';

const span = (spanId: string, startNs: number, endNs: number): Interval => ({ spanId, startNs, endNs });
const ids = (spans: readonly Interval[]) => spans.map(({ spanId }) => spanId);

describe('TrackedSpans', () => {
  it('names the spans beside one, the running ones included', () => {
    const tracked = new TrackedSpans(10);
    for (const spanId of ['a', 'b']) tracked.start({ spanId, startNs: 0 });
    tracked.end(span('a', 0, 10));

    expect(tracked.besides([span('a', 0, 10)])).toEqual([span('b', 0, Number.POSITIVE_INFINITY)]);
  });

  it('forgets the oldest beyond its bound, and counts it', () => {
    const tracked = new TrackedSpans(2);
    for (const [startNs, spanId] of ['a', 'b', 'c'].entries()) tracked.start({ spanId, startNs });

    expect(ids(tracked.besides([]))).toEqual(['b', 'c']);
    expect(tracked.forgotten).toBe(1);
  });

  it('keeps a measured span while one that overlaps it is not measured, and no longer', () => {
    const tracked = new TrackedSpans(10);
    for (const spanId of ['a', 'b']) tracked.start({ spanId, startNs: 0 });
    tracked.end(span('a', 0, 10));
    tracked.release([span('a', 0, 10)]);
    expect(ids(tracked.besides([]))).toEqual(['a', 'b']);

    tracked.end(span('b', 0, 20));
    tracked.release([span('b', 0, 20)]);
    expect(tracked.besides([])).toEqual([]);
  });

  it('does not take up the end of a span that it never saw start', () => {
    const tracked = new TrackedSpans(10);
    tracked.end(span('a', 0, 10));

    expect(tracked.besides([])).toEqual([]);
  });
});
