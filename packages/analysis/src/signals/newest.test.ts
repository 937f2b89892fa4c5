import { expect, it } from 'vitest';
import { Newest } from './newest.ts';

it('keeps as many items as its bound, the newest, and counts the others', () => {
  const newest = new Newest<number>({ items: 3, bytes: 1e9 });

  for (let item = 1; item <= 3; item++) newest.add(item, 1);
  expect([newest.items, newest.dropped]).toEqual([[1, 2, 3], 0]);
  for (let item = 4; item <= 1000; item++) newest.add(item, 1);

  expect([newest.items, newest.dropped]).toEqual([[998, 999, 1000], 997]);
});

it('keeps as many bytes as its bound', () => {
  const newest = new Newest<string>({ items: 100, bytes: 10 });

  newest.add('a', 4);
  newest.add('b', 6);
  expect(newest.items).toEqual(['a', 'b']);
  newest.add('c', 1);

  expect([newest.items, newest.dropped]).toEqual([['b', 'c'], 1]);
});

it('drops an item that is larger than its bound by itself, with all before it', () => {
  const newest = new Newest<string>({ items: 100, bytes: 10 });

  newest.add('a', 4);
  newest.add('huge', 11);
  expect([newest.items, newest.dropped]).toEqual([[], 2]);
  newest.add('b', 10);

  expect(newest.items).toEqual(['b']);
});
