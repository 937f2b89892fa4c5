import { expect, test } from 'vitest';
import { Freshness } from './freshness.ts';

test('the ratio is the share of frames that differ from the one before', () => {
  const freshness = new Freshness();
  expect(freshness.observe(Uint8Array.of(1))).toBeUndefined();
  expect(freshness.observe(Uint8Array.of(1))).toBe(0);
  expect(freshness.observe(Uint8Array.of(2))).toBe(0.5);
  expect(freshness.observe(Uint8Array.of(1))).toBeCloseTo(2 / 3);
});

test('only the latest hundred frames count, and the buffer of the caller may be reused', () => {
  const freshness = new Freshness();
  const frame = new Uint8Array(4);
  for (let index = 0; index < 300; index++) freshness.observe(frame.fill(index));
  for (let index = 0; index < 99; index++) freshness.observe(frame);
  expect(freshness.observe(frame)).toBe(0);
});
