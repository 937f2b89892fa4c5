import { expect, test } from 'vitest';
import { EnergyCounter } from './energyCounter.ts';

const second = 1e9;
const counterOf = (range: number) => new EnergyCounter({ range, countsPerJoule: 1e6, mostWatts: 2000 });

test('a counter that wraps continues', () => {
  const counter = counterOf(1000e6);
  expect(counter.add(990e6, 0)).toEqual({ kind: 'unknown' });
  expect(counter.add(40e6, second / 10)).toEqual({ kind: 'power', watts: expect.closeTo(500, 9) });
  expect(counter.joules).toBeCloseTo(50, 9);
});

test('a counter that starts again adds nothing: neither negative nor huge energy', () => {
  const counter = counterOf(262143e6);
  counter.add(200000e6, 0);
  counter.add(200010e6, second / 10);
  expect(counter.add(0, 0.2 * second)).toEqual({ kind: 'rejected' });
  expect(counter.joules).toBeCloseTo(10, 9);
  expect(counter.add(5e6, 0.3 * second)).toEqual({ kind: 'power', watts: expect.closeTo(50, 9) });
});

test('a silence in which it may have wrapped unseen adds nothing', () => {
  const counter = counterOf(65532e6);
  counter.add(0, 0);
  expect(counter.add(1000e6, 40 * second)).toEqual({ kind: 'unknown' });
  expect(counter.joules).toBe(0);
});

test('a count beyond the range of its counter, and time that stands still, give nothing', () => {
  const counter = counterOf(100e6);
  counter.add(900e6, 0);
  expect(counter.add(1, second / 100)).toEqual({ kind: 'rejected' });
  expect(counter.add(2, second / 100)).toEqual({ kind: 'unknown' });
  expect(counter.joules).toBe(0);
});

test('a counter that does not wrap begins at its own joules, and a step that cannot be is left out for good', () => {
  const counter = new EnergyCounter({ countsPerJoule: 1000, mostWatts: 7000, startJoules: 500 });
  counter.add(500_000, 0);
  counter.add(600_000, second);
  expect(counter.joules).toBeCloseTo(600, 9);
  expect(counter.add(4_294_967_295, 2 * second)).toEqual({ kind: 'rejected' });
  expect(counter.add(4_294_967_295 + 100_000, 3 * second)).toEqual({ kind: 'power', watts: expect.closeTo(100, 9) });
  expect(counter.joules).toBeCloseTo(700, 9);
});

test.each([1, 2, 3])('random leaps forth and back (seed %d) never add energy', (seed) => {
  let state = seed;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const counter = new EnergyCounter({ range: 262_143e6, countsPerJoule: 1e6, mostWatts: 2000, holdsLeaps: true });
  let trueJoules = 0;
  let isLeap = false;
  for (let n = 0; n < 2000; n++) {
    trueJoules += 6 + random() * 4;
    // Never two in a row: those are what a load looks like too.
    isLeap = !isLeap && n > 3 && random() < 0.2;
    counter.add((1000 + trueJoules + (isLeap ? 50 + random() * 900 : 0)) * 1e6, n * second);
  }
  expect(counter.joules).toBeLessThanOrEqual(trueJoules);
  expect(counter.joules).toBeGreaterThan(trueJoules * 0.98);
});

/** A counter of a processor at 20 W, read ten times a second. `off` is added to the true count of a reading. */
function joulesOf(off: readonly number[]) {
  const counter = new EnergyCounter({ range: 262_143e6, countsPerJoule: 1e6, mostWatts: 2000, holdsLeaps: true });
  const kinds = off.map((joules, n) => counter.add((1000 + 2 * n + joules) * 1e6, (n * second) / 10).kind);
  return { kinds, joules: counter.joules };
}

test('a step back and forth adds no energy, and the counter continues from before it', () => {
  const { kinds, joules } = joulesOf([0, 0, 0, 0, -100, 0, 0, 0]);
  expect(kinds.slice(3)).toEqual(['power', 'held', 'rejected', 'power', 'power']);
  expect(joules).toBeCloseTo(14, 9);
});

test('a counter that starts again is known by the reading after it, and loses the step before that only', () => {
  const { kinds, joules } = joulesOf([0, 0, 0, 0, -900, -900, -900, -900]);
  expect(kinds.slice(3)).toEqual(['power', 'held', 'power', 'power', 'power']);
  expect(joules).toBeCloseTo(12, 9);
});

test('a wrap does not count as a step back', () => {
  const counter = new EnergyCounter({ range: 1000e6, countsPerJoule: 1e6, mostWatts: 2000, holdsLeaps: true });
  const raws = [994, 996, 998, 0, 2, 4];
  expect(raws.map((raw, n) => counter.add(raw * 1e6, (n * second) / 10).kind)).not.toContain('held');
  expect(counter.joules).toBeCloseTo(10, 9);
});

test('a leap that lasts for two readings counts, as a load that rises at once does', () => {
  expect(joulesOf([0, 0, 0, 0, 100, 100, 0, 0]).joules).toBeGreaterThan(100);
});
