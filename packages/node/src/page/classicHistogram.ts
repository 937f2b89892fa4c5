import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';

/**
 * Most buckets of one series. The SDK keeps up to 160; each is a series in Prometheus. 40 of them span five powers of two
 * at scale 3 (each 9 % wide), twenty at scale 1.
 */
const maxBounds = 40;
/** Source: OpenTelemetry specification, "Exponential histogram scale": -10 is the coarsest. */
const minScale = -10;

/** The finest scale at which the histogram has no more than 40 bounds. */
export function classicScale(histogram: ExponentialHistogram): number {
  let scale = histogram.scale;
  while (scale > minScale && boundsAt(histogram, scale) > maxBounds) scale -= 1;
  return scale;
}

function boundsAt({ scale, positive, negative }: ExponentialHistogram, coarser: number): number {
  const width = 2 ** (scale - coarser);
  const bounds = [positive, negative].map(({ offset, bucketCounts }) =>
    bucketCounts.length === 0
      ? 0
      : Math.floor((offset + bucketCounts.length - 1) / width) - Math.floor(offset / width) + 1,
  );
  return bounds.reduce((sum, count) => sum + count, 1);
}

/**
 * The same histogram with explicit bounds, at `scale` or coarser. Bucket i of an exponential histogram covers
 * (base^i, base^(i+1)] with base = 2^(2^-scale); one scale coarser, two neighbours become one.
 * Source: OpenTelemetry specification, metrics data model, "ExponentialHistogram".
 */
export function toClassic(histogram: ExponentialHistogram, scale: number): Histogram {
  const counts = new Map<number, number>();
  const count = (bound: number, value: number) => counts.set(bound, (counts.get(bound) ?? 0) + value);
  const width = 2 ** Math.max(0, histogram.scale - scale);
  // Bounds are powers of two at this scale; `base ** i` would miss them by a rounding error.
  const power = (index: number) => 2 ** (index / 2 ** Math.min(scale, histogram.scale));
  const { positive, negative, zeroCount } = histogram;
  negative.bucketCounts.forEach((value, i) => {
    count(-power(Math.floor((negative.offset + i) / width)), value);
  });
  if (zeroCount > 0 || negative.bucketCounts.length > 0) count(0, zeroCount);
  positive.bucketCounts.forEach((value, i) => {
    count(power(Math.floor((positive.offset + i) / width) + 1), value);
  });
  return { ...classic(counts), count: histogram.count, ...(histogram.sum !== undefined && { sum: histogram.sum }) };
}

/**
 * The sum of two histograms, over the bounds that both have: there the number of values below is known of both. Undefined
 * where they have none in common. `areAligned` states that both come from exponential ones of one scale, where a bound that
 * one of them lacks has no values.
 */
export function added(a: Histogram, b: Histogram, areAligned: boolean): Histogram | undefined {
  const sum = a.sum === undefined || b.sum === undefined ? {} : { sum: a.sum + b.sum };
  const total = { count: a.count + b.count, ...sum };
  if (areAligned) {
    const counts = new Map<number, number>();
    for (const { boundaries, counts: values } of [a.buckets, b.buckets]) {
      boundaries.forEach((bound, i) => {
        counts.set(bound, (counts.get(bound) ?? 0) + (values[i] ?? 0));
      });
    }
    return { ...classic(counts), ...total };
  }
  const [belowA, belowB] = [countsBelow(a), countsBelow(b)];
  const common = [...belowA.keys()].filter((bound) => belowB.has(bound));
  if (common.length === 0 && belowA.size + belowB.size > 0) return undefined;
  let before = 0;
  const counts = common.map((bound): [number, number] => {
    const below = (belowA.get(bound) ?? 0) + (belowB.get(bound) ?? 0);
    const inBucket = below - before;
    before = below;
    return [bound, inBucket];
  });
  return { ...classic(new Map(counts)), ...total };
}

/** The number of values up to each finite bound. */
function countsBelow({ buckets: { boundaries, counts } }: Histogram): Map<number, number> {
  let below = 0;
  const all = boundaries.map((bound, i): [number, number] => {
    below += counts[i] ?? 0;
    return [bound, below];
  });
  return new Map(all.filter(([bound]) => Number.isFinite(bound)));
}

/** Counts by their upper bound, as buckets. The count of the histogram includes the values above the last bound. */
function classic(counts: ReadonlyMap<number, number>): Pick<Histogram, 'buckets'> {
  const finite = [...counts].filter(([bound]) => Number.isFinite(bound)).sort(([a], [b]) => a - b);
  return { buckets: { boundaries: finite.map(([bound]) => bound), counts: finite.map(([, value]) => value) } };
}
