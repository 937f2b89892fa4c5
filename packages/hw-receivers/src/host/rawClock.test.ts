import { execFileSync } from 'node:child_process';
import { systemClock } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { rawClock } from './rawClock.ts';

it('reads the clock that Python reads, at an instant of CLOCK_MONOTONIC', async () => {
  const read = await rawClock(systemClock);
  const before = read();
  const between = rawOfPython();
  const after = read();

  expect(after.rawNs).toBeGreaterThan(before.rawNs);
  expect(after.timeNs).toBeGreaterThan(before.timeNs);
  expect(before.uncertaintyNs).toBeGreaterThanOrEqual(0);
  // NTP turns the one against the other by 500 ppm at most: two of these brackets differ by little.
  const drift = Math.abs(after.rawNs - before.rawNs - (after.timeNs - before.timeNs));
  expect(drift).toBeLessThan((after.timeNs - before.timeNs) * 1e-3 + before.uncertaintyNs + after.uncertaintyNs + 1e3);
  if (between === undefined) return;
  expect(between).toBeGreaterThan(before.rawNs);
  expect(between).toBeLessThan(after.rawNs);
});

/** Undefined where there is no Python. */
function rawOfPython(): number | undefined {
  try {
    const code = 'import time; print(time.clock_gettime_ns(time.CLOCK_MONOTONIC_RAW))';
    return Number(execFileSync('python3', ['-c', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}
