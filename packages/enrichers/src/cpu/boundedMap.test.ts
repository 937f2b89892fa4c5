import { expect, it } from 'vitest';
import { BoundedMap } from './boundedMap.ts';

it('evicts the oldest value, and no value while there is room', () => {
  const map = new BoundedMap<number>(2);
  expect([map.set('a', 1), map.set('b', 2), map.set('c', 3)]).toEqual([undefined, undefined, 1]);
  expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([undefined, 2, 3]);
});

it('keeps the place of a key that gets a new value', () => {
  const map = new BoundedMap<number>(2);
  for (const [key, value] of Object.entries({ a: 1, b: 2 })) map.set(key, value);
  expect([map.set('a', 3), map.set('c', 4)]).toEqual([undefined, 3]);
});

it('finds the oldest among values that were deleted, added again or drained', () => {
  const map = new BoundedMap<string>(3);
  for (const key of ['a', 'b', 'c']) map.set(key, key);
  map.delete('a');
  map.set('a', 'a');
  expect(map.set('d', 'd')).toBe('b');
  expect(map.set('e', 'e')).toBe('c');
  expect(map.set('f', 'f')).toBe('a');
  expect(map.drain()).toEqual(['d', 'e', 'f']);
  for (const key of ['g', 'h', 'i']) map.set(key, key);
  expect(map.set('j', 'j')).toBe('g');
});

it('evicts the same values as a plain list does, over any sequence of sets and deletes', () => {
  let seed = 3;
  const random = (below: number) => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return seed % below;
  };
  const map = new BoundedMap<string>(8);
  const list: string[] = [];
  for (let k = 0; k < 5_000; k++) {
    const key = `${random(24)}`;
    if (random(3) === 0) {
      map.delete(key);
      if (list.includes(key)) list.splice(list.indexOf(key), 1);
      continue;
    }
    const evicted = !list.includes(key) && list.length === 8 ? list.shift() : undefined;
    if (!list.includes(key)) list.push(key);
    expect(map.set(key, key)).toBe(evicted);
  }
});
