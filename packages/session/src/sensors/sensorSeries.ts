import { gapLimitNs } from '@benchlab-otel/core';

/** The values of one sensor over a session. */
export interface SensorSeries {
  /** `benchlab.usb`, `gpu.nvml` … as the lines state it. */
  readonly source: string;
  /** `p_sys`, `temp_c`, and `power.EPS1.power` for an entry of a list. */
  readonly key: string;
  /** CLOCK_MONOTONIC, ns, from old to new. */
  readonly timesNs: readonly number[];
  readonly values: readonly number[];
  readonly simulated: boolean;
}

/**
 * The values at other times, by straight lines between the samples. NaN across a gap, before the first and after the last
 * sample.
 *
 * @param timesNs from old to new
 */
export function valuesAt({ timesNs: own, values }: SensorSeries, timesNs: readonly number[]): readonly number[] {
  const gapNs = gapLimitNs(medianIntervalNs(own) ?? 0);
  let after = 0;
  return timesNs.map((timeNs) => {
    while (after < own.length && (own[after] ?? 0) < timeNs) after++;
    const [before = Number.NaN, next = Number.NaN] = [own[after - 1], own[after]];
    if (next === timeNs) return values[after] ?? Number.NaN;
    if (!(next - before <= gapNs)) return Number.NaN;
    const share = (timeNs - before) / (next - before);
    return (values[after - 1] ?? Number.NaN) * (1 - share) + (values[after] ?? Number.NaN) * share;
  });
}

/** ns; undefined with fewer than two samples. */
export function medianIntervalNs(timesNs: readonly number[]): number | undefined {
  const intervals = Float64Array.from(timesNs.slice(1), (timeNs, at) => timeNs - (timesNs[at] ?? timeNs)).sort();
  return intervals[(intervals.length - 1) >> 1];
}
