import { expect, it } from 'vitest';
import { BatchQueue } from './batchQueue.ts';

interface Item {
  readonly name: number;
}
const items = (count: number): Item[] => Array.from({ length: count }, (_, name) => ({ name }));

it('returns full batches in order, and the rest only on request', () => {
  const queue = new BatchQueue<Item>(10, 2);
  const [a, b, c] = items(3) as [Item, Item, Item];
  for (const item of [a, b, c]) queue.add(item);

  expect(queue.take(false)?.items).toEqual([a, b]);
  expect(queue.take(false)).toBeUndefined();
  expect(queue.take(true)?.items).toEqual([c]);
  expect([queue.take(true), queue.size]).toEqual([undefined, 0]);
});

it('has room for `maxItems` items and no more, and again after some were taken', () => {
  const queue = new BatchQueue<Item>(4, 2);
  const added = items(6).map((item) => queue.add(item));
  expect([added, queue.size]).toEqual([[true, true, true, true, false, false], 4]);

  queue.take(false);

  expect(items(3).map((item) => queue.add(item))).toEqual([true, true, false]);
});

it('loses and repeats nothing over many rounds of filling and emptying', () => {
  const queue = new BatchQueue<Item>(1_000, 3);
  const all = items(5_000);
  const seen: Item[] = [];
  all.forEach((item, k) => {
    expect(queue.add(item)).toBe(true);
    if (k % 7 === 6) for (let batch = queue.take(false); batch; batch = queue.take(false)) seen.push(...batch.items);
  });
  for (let batch = queue.take(true); batch; batch = queue.take(true)) seen.push(...batch.items);
  expect(seen).toEqual(all);
});

it('numbers batches, so that a flush knows which of them were there before', () => {
  const queue = new BatchQueue<Item>(10, 2);
  expect(queue.newest).toBe(-1);
  for (const item of items(3)) queue.add(item);
  expect([queue.oldest, queue.newest]).toEqual([0, 1]);
  queue.take(false);
  expect([queue.oldest, queue.newest]).toEqual([1, 1]);
});
