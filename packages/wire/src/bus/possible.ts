import type { Sample } from '@benchlab-otel/core';

/** Between the agent's clock and ours are milliseconds; a sample that waits for a slow reader is dropped earlier. */
const mostApartNs = 10e9;

/** A rack of servers has some 40 kW, a bench a hundredth of it. */
const mostWatts = 100_000;

/** Whether a time on CLOCK_MONOTONIC can be that of something that has just happened. */
export function isPossibleTime(timeNs: number, nowNs: number): boolean {
  return Math.abs(timeNs - nowNs) <= mostApartNs;
}

/**
 * Whether a sample can be true. One that is not would change sums and means for as long as these are kept: a power of
 * 1e300 W is a number like any other, and a time of next year makes all samples before it old.
 */
export function isPossible({ timeNs, uncertaintyNs, readings, totals = {} }: Sample, nowNs: number): boolean {
  if (!isPossibleTime(timeNs, nowNs) || uncertaintyNs > mostApartNs) return false;
  const isWatts = (value: number) => Math.abs(value) <= mostWatts;
  return (
    Object.values(totals).every(isWatts) &&
    readings.every(({ sensor, value }) => sensor.metric.unit !== 'W' || isWatts(value))
  );
}
