import { expect, test } from 'vitest';
import { LeftOut } from './leftOut.ts';

test('a device is counted once while it is left out, and again when it is left out again', () => {
  const leftOut = new LeftOut();
  const counts = [['a', 'b'], ['a', 'b'], ['b', 'c'], [], ['a']].map((names) => {
    leftOut.see(names);
    return leftOut.count;
  });
  expect(counts).toEqual([2, 2, 3, 3, 4]);
});
