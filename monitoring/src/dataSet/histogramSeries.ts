import { courseOf } from './course.ts';
import type { DataSeries } from './dataSeries.ts';
import type { DataProcess } from './processes.ts';

/**
 * The share of the observations at or below each of five buckets in a row: half of them are in the first, and the bounds of
 * the next are the 90th, 95th and 99th percentile. So `histogram_quantile` of an hour, and at its end, is a bound of a bucket.
 */
const shares = [0.5, 0.9, 0.95, 0.99, 1] as const;

/** How far each of those shares moves: the percentiles are bounds of buckets at each full hour, and have courses between. */
const moves = [0.15, 0.04, 0.02, 0.002, 0] as const;
/** The share of the observations that come and go with the hour. */
const amplitude = 0.25;

export interface HistogramOptions {
  readonly bounds: readonly number[];
  /** Observations a second, in the mean of an hour. */
  readonly perSecond: number;
  /** Two of one key have one course. */
  readonly key: string;
  /** How many buckets its observations are above those of others of the same name. */
  readonly shift?: number;
}

/** The series of one histogram: buckets, sum and count. */
export function histogramSeries(
  name: string,
  labels: DataSeries['labels'],
  process: DataProcess,
  { bounds, perSecond, key, shift = 0 }: HistogramOptions,
): readonly DataSeries[] {
  const last = Math.max(0, bounds.length - shares.length);
  const first = Math.min(last, Math.max(0, Math.floor(bounds.length / 3) + shift));
  const of = (list: readonly number[], full: number) => (bucket: number) =>
    bucket < first ? 0 : (list[bucket - first] ?? full);
  const shareAt = of(shares, 1);
  const moveAt = of(moves, 0);
  const load = courseOf(key);
  const spread = courseOf(`${key} spread`);
  const series = (suffix: string, steady: number, moving: number, more: DataSeries['labels'] = {}): DataSeries => ({
    name: `${name}_${suffix}`,
    labels: { ...labels, ...more },
    process,
    at: (run, instant) => {
      const all = run + amplitude * load.addedUp(instant - run, instant);
      return perSecond * (steady * all + moving * spread.addedUp(instant - run, instant));
    },
  });
  return [
    ...bounds.map((bound, bucket) => series('bucket', shareAt(bucket), moveAt(bucket), { le: leOf(bound) })),
    series('bucket', 1, 0, { le: '+Inf' }),
    series('sum', meanOf(bounds, shareAt), meanOf(bounds, moveAt)),
    series('count', 1, 0),
  ];
}

/** As if the observations of a bucket were all in its middle. */
function meanOf(bounds: readonly number[], shareAt: (bucket: number) => number): number {
  return bounds.reduce((sum, bound, bucket) => {
    const share = shareAt(bucket) - (bucket === 0 ? 0 : shareAt(bucket - 1));
    return sum + (share * (bound + (bounds[bucket - 1] ?? 0))) / 2;
  }, 0);
}

/** Prometheus 3 stores bounds as floats: `1.0`. */
function leOf(bound: number): string {
  return Number.isInteger(bound) ? `${bound}.0` : `${bound}`;
}
