import { OptionError } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { expect, test } from 'vitest';
import { TokenRate } from './tokenRate.ts';

test('the rate covers the latest window', async () => {
  const clock = new ManualClock();
  const rate = new TokenRate(1000, clock);
  expect(rate.perSecond()).toBeUndefined();
  await clock.advanceMs(500);
  rate.add(10);
  expect(rate.perSecond()).toBe(20);
  await clock.advanceMs(600);
  rate.add(5);
  expect(rate.perSecond()).toBe(15);
  await clock.advanceMs(1000);
  expect(rate.perSecond()).toBe(0);
  for (let k = 0; k < 5000; k++) rate.add(1);
  expect(rate.perSecond()).toBe(5000);
});

test.each([0, -1, Number.NaN, '5'])('a window of %o is refused', (windowMs) => {
  expect(() => new TokenRate(windowMs as number)).toThrow(OptionError);
});

test('a number of tokens that is negative or not finite is ignored', async () => {
  const clock = new ManualClock();
  const rate = new TokenRate(1000, clock);
  await clock.advanceMs(500);
  for (const tokens of [-1, Number.NaN, Number.POSITIVE_INFINITY]) rate.add(tokens);
  expect(rate.perSecond()).toBe(0);
});
