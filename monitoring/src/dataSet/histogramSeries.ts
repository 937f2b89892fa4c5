import type { DataSeries } from './dataSeries.ts';
import type { DataProcess } from './processes.ts';

/**
 * The share of the observations at or below each of five buckets in a row: half of them are in the first, and the bounds of
 * the next are the 90th, 95th and 99th percentile. So `histogram_quantile` of a set of these series is a bound of a bucket.
 */
const shares = [0.5, 0.9, 0.95, 0.99, 1] as const;

/** The series of one histogram: buckets, sum and count. */
export function histogramSeries(
  name: string,
  bounds: readonly number[],
  labels: DataSeries['labels'],
  process: DataProcess,
  perSecond: number,
): readonly DataSeries[] {
  const first = Math.max(0, Math.min(Math.floor(bounds.length / 3), bounds.length - shares.length));
  const shareAt = (bucket: number) => (bucket < first ? 0 : (shares[bucket - first] ?? 1));
  const mean = meanOf(bounds, shareAt);
  const series = (suffix: string, factor: number, more: DataSeries['labels'] = {}): DataSeries => ({
    name: `${name}_${suffix}`,
    labels: { ...labels, ...more },
    process,
    at: (run) => factor * perSecond * run,
  });
  return [
    ...bounds.map((bound, bucket) => series('bucket', shareAt(bucket), { le: leOf(bound) })),
    series('bucket', 1, { le: '+Inf' }),
    series('sum', mean),
    series('count', 1),
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
