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

it('counts what items share once, until the last of them is dropped', () => {
  const newest = new Newest<string>({ items: 100, bytes: 20 });
  const large = { object: {}, bytes: 10 };

  for (const item of ['a', 'b', 'c', 'd', 'e']) newest.add(item, 2, large);
  expect([newest.items.join(''), newest.dropped]).toEqual(['abcde', 0]);
  newest.add('f', 8);
  expect([newest.items.join(''), newest.dropped]).toEqual(['ef', 4]);
  newest.add('g', 2);
  expect([newest.items.join(''), newest.dropped]).toEqual(['fg', 5]);
  newest.add('h', 10);
  expect([newest.items.join(''), newest.dropped]).toEqual(['fgh', 5]);
});
