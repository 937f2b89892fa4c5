import { expect, test } from 'vitest';
import { EventRing } from './eventRing.ts';

function ringOf(count: number, most?: number, bytes?: number): EventRing {
  const ring = new EventRing(most, bytes);
  for (let at = 1; at <= count; at++) ring.push(`${at}`);
  return ring;
}

test('entries come after a cursor, in pieces, without a gap', () => {
  const ring = ringOf(5);
  expect(ring.after(0, 3)).toEqual({ first: 1, entries: ['1', '2', '3'], lost: 0 });
  expect(ring.after(3, 3)).toEqual({ first: 4, entries: ['4', '5'], lost: 0 });
  expect(ring.after(5, 3)).toEqual({ first: 6, entries: [], lost: 0 });
});

test('an empty ring begins at 1', () => {
  expect(new EventRing().after(0, 3)).toEqual({ first: 1, entries: [], lost: 0 });
});

test('a bound of entries or of bytes lets the oldest go, and a cursor before them learns how many it lost', () => {
  for (const ring of [ringOf(1_000, 10), ringOf(1_000, undefined, 31)]) {
    expect(ring.first).toBe(991);
    expect(ring.after(980, 2)).toEqual({ first: 991, entries: ['991', '992'], lost: 10 });
    expect(ring.after(999, 9)).toEqual({ first: 1_000, entries: ['1000'], lost: 0 });
  }
});
