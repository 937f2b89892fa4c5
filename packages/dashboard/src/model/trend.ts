import { percentile } from '@benchlab-otel/analysis/figures';
import type { TimedValues } from './bands.ts';

/** How figures went over a range: one value for each of its equal parts, NaN for a part in which nothing was measured. */
export interface Trend {
  readonly last: Float64Array;
  readonly mean: Float64Array;
  readonly p95: Float64Array;
  readonly p99: Float64Array;
}

/** @param parts at least 1 */
export function trendOf(
  values: TimedValues,
  [start, end]: readonly [start: number, end: number],
  [fromMs, toMs]: readonly [fromMs: number, toMs: number],
  parts: number,
): Trend {
  const slices = Array.from({ length: parts }, (): number[] => []);
  const perMs = parts / Math.max(toMs - fromMs, Number.MIN_VALUE);
  for (let row = start; row < end; row++) {
    const value = values.value(row);
    if (Number.isNaN(value)) continue;
    slices[Math.min(parts - 1, Math.max(0, Math.floor((values.timeMs(row) - fromMs) * perMs)))]?.push(value);
  }
  const sorted = slices.map((slice) => Float64Array.from(slice).sort());
  const each = (of: (slice: readonly number[], sorted: Float64Array) => number | undefined) =>
    Float64Array.from(slices, (slice, at) => of(slice, sorted[at] ?? new Float64Array()) ?? Number.NaN);
  return {
    last: each((slice) => slice.at(-1)),
    mean: each((slice) =>
      slice.length === 0 ? undefined : slice.reduce((sum, value) => sum + value, 0) / slice.length,
    ),
    p95: each((_, ordered) => percentile(ordered, 95)),
    p99: each((_, ordered) => percentile(ordered, 99)),
  };
}
