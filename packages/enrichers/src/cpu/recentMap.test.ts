import { expect, it } from 'vitest';
import { RecentMap } from './recentMap.ts';

it('remembers at least the newest values, and forgets in the end', () => {
  const map = new RecentMap<number>(3);
  for (let k = 1; k <= 1_000; k++) {
    map.set(`${k}`, k);
    for (let back = 0; back < 3; back++) expect(map.get(`${k - back}`)).toBe(k > back ? k - back : undefined);
    expect(map.get(`${k - 6}`)).toBeUndefined();
  }
});

it('has the newest value of a key', () => {
  const map = new RecentMap<number>(2);
  map.set('a', 1);
  map.set('b', 1);
  map.set('a', 2);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([2, 1, undefined]);
  map.set('c', 1);
  map.set('a', 3);
  expect(map.get('a')).toBe(3);
});
