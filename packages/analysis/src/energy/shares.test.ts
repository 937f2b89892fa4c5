import { describe, expect, it } from 'vitest';
import { type Interval, sharesOf } from './shares.ts';

function interval(spanId: string, startNs: number, endNs: number, parentSpanId?: string): Interval {
  return parentSpanId === undefined ? { spanId, startNs, endNs } : { spanId, startNs, endNs, parentSpanId };
}

function shares(...intervals: Interval[]) {
  return Object.fromEntries(sharesOf(intervals, new Set(intervals.map(({ spanId }) => spanId))));
}

describe('sharesOf', () => {
  it('gives an operation that is alone the whole bench', () => {
    expect(shares(interval('a', 0, 10))).toEqual({ a: [{ fromNs: 0, toNs: 10, share: 1 }] });
  });

  it('divides the bench among operations that run at the same time', () => {
    expect(shares(interval('a', 0, 10), interval('b', 5, 15)).a).toEqual([
      { fromNs: 0, toNs: 5, share: 1 },
      { fromNs: 5, toNs: 10, share: 0.5 },
    ]);
  });

  it('takes parts as parts: an operation includes them, and they divide what it has', () => {
    const result = shares(interval('a', 0, 10), interval('b', 2, 8, 'a'), interval('c', 2, 8, 'a'));

    expect(result.a).toEqual([{ fromNs: 0, toNs: 10, share: 1 }]);
    expect(result.b).toEqual([{ fromNs: 2, toNs: 8, share: 0.5 }]);
  });

  it('finds the nearest ancestor that still runs', () => {
    const result = shares(interval('a', 0, 20), interval('b', 2, 5, 'a'), interval('c', 4, 10, 'b'));

    expect(result.a).toEqual([{ fromNs: 0, toNs: 20, share: 1 }]);
    expect(result.c).toEqual([{ fromNs: 4, toNs: 10, share: 1 }]);
  });

  it('counts operations that are still running', () => {
    const result = sharesOf([interval('a', 0, 10), interval('b', 0, Number.POSITIVE_INFINITY)], new Set(['a']));

    expect(result.get('a')).toEqual([{ fromNs: 0, toNs: 10, share: 0.5 }]);
  });

  it('does not take operations that follow each other for overlapping', () => {
    expect(shares(interval('a', 0, 10), interval('b', 10, 20))).toEqual({
      a: [{ fromNs: 0, toNs: 10, share: 1 }],
      b: [{ fromNs: 10, toNs: 20, share: 1 }],
    });
  });

  it('survives parents in a circle, parents unknown, and operations without duration', () => {
    const result = shares(interval('a', 0, 10, 'b'), interval('b', 0, 10, 'a'), interval('c', 0, 10, 'x'));

    expect(result.c?.[0]?.share).toBeGreaterThan(0);
    expect(shares(interval('a', 5, 5), interval('b', 0, 10)).b).toEqual([{ fromNs: 0, toNs: 10, share: 1 }]);
  });
});
