import { expect, test } from 'vitest';
import { Freshness } from './freshness.ts';

test('the ratio is the share of frames that differ from the one before', () => {
  const freshness = new Freshness();
  expect(freshness.observe(Uint8Array.of(1), 0)).toBeUndefined();
  expect(freshness.observe(Uint8Array.of(1), 1)?.uniqueRatio).toBe(0);
  expect(freshness.observe(Uint8Array.of(2), 2)?.uniqueRatio).toBe(0.5);
  expect(freshness.observe(Uint8Array.of(1), 3)?.uniqueRatio).toBeCloseTo(2 / 3);
});

test('only the latest hundred frames count, and the buffer of the caller may be reused', () => {
  const freshness = new Freshness();
  const frame = new Uint8Array(4);
  for (let index = 0; index < 300; index++) freshness.observe(frame.fill(index), index);
  for (let index = 0; index < 99; index++) freshness.observe(frame, 300 + index);
  expect(freshness.observe(frame, 400)?.uniqueRatio).toBe(0);
});

/** The refresh rate of a board that refreshes at one rate and is read at another, after ten seconds. */
function reportedHz(refreshHz: number, readHz: number): number | undefined {
  const freshness = new Freshness();
  let report: ReturnType<Freshness['observe']>;
  for (let k = 0; k < 10 * readHz; k++) {
    const seconds = k / readHz;
    report = freshness.observe(Uint8Array.of(Math.floor(seconds * refreshHz + 0.37) % 256), seconds * 1e9);
  }
  return report?.refreshHz;
}

test.each([
  [10, 20],
  [10, 50],
  [10, 13],
  [4, 20],
  [33, 100],
])(
  'a board that refreshes at %d Hz and is read at %d Hz is reported with its rate, within 5 %%',
  (refreshHz, readHz) => {
    const hz = reportedHz(refreshHz, readHz) ?? Number.NaN;
    expect(Math.abs(hz / refreshHz - 1)).toBeLessThan(0.05);
  },
);

test.each([
  [20, 20],
  [100, 20],
])(
  'a board that refreshes at %d Hz and is read at %d Hz has no reported rate: it may be faster',
  (refreshHz, readHz) => {
    expect(reportedHz(refreshHz, readHz)).toBeUndefined();
  },
);

test('a board that never changes has no rate', () => {
  expect(reportedHz(0, 20)).toBeUndefined();
});
