import type { HrTime } from '@opentelemetry/api';
import {
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';

export type AnyPoint = DataPoint<number | Histogram | ExponentialHistogram>;

/** Two points of one series: sums and histograms are added, of two gauges the newer stays, the second of equally new ones. */
export function mergedSeries(a: AnyPoint, b: AnyPoint, type: MetricData['dataPointType']): AnyPoint {
  if (type === DataPointType.GAUGE) return isBefore(b.endTime, a.endTime) ? a : { ...b, attributes: a.attributes };
  const startTime = isBefore(b.startTime, a.startTime) ? b.startTime : a.startTime;
  const endTime = isBefore(a.endTime, b.endTime) ? b.endTime : a.endTime;
  return { ...a, startTime, endTime, value: addedValue(a.value, b.value) };
}

function addedValue(a: AnyPoint['value'], b: AnyPoint['value']): AnyPoint['value'] {
  if (typeof a === 'number' || typeof b === 'number') return Number(a) + Number(b);
  const total = { ...ends(a, b), count: a.count + b.count };
  if ('buckets' in a && 'buckets' in b) return { ...total, buckets: addedBuckets(a.buckets, b.buckets) };
  if ('buckets' in a || 'buckets' in b) return a; // one metric has one kind of histogram
  const scale = commonScale(a, b);
  return {
    ...total,
    scale,
    zeroCount: a.zeroCount + b.zeroCount,
    positive: addedSide(a.positive, a.scale - scale, b.positive, b.scale - scale),
    negative: addedSide(a.negative, a.scale - scale, b.negative, b.scale - scale),
  };
}

/** Absent where one of the two does not have it. */
function ends(a: Histogram | ExponentialHistogram, b: Histogram | ExponentialHistogram) {
  const [sum, min, max] = [
    a.sum === undefined || b.sum === undefined ? undefined : a.sum + b.sum,
    lowest(Math.min, a.min, b.min),
    lowest(Math.max, a.max, b.max),
  ];
  return { ...(sum !== undefined && { sum }), ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}

/** A histogram without values has no ends, and is no reason to forget those of the other. */
function lowest(pick: (...of: number[]) => number, a: number | undefined, b: number | undefined): number | undefined {
  const known = [a, b].filter((each) => each !== undefined);
  return known.length === 0 ? undefined : pick(...known);
}

/** The bounds of one instrument are the same in all its series; where a producer has others, only the number is known. */
function addedBuckets(a: Histogram['buckets'], b: Histogram['buckets']): Histogram['buckets'] {
  const areEqual =
    a.boundaries.length === b.boundaries.length && a.boundaries.every((bound, i) => bound === b.boundaries[i]);
  if (areEqual) return { boundaries: a.boundaries, counts: a.counts.map((count, i) => count + (b.counts[i] ?? 0)) };
  return { boundaries: [], counts: [[...a.counts, ...b.counts].reduce((sum, count) => sum + count, 0)] };
}

type Side = ExponentialHistogram['positive'];

/** Source of the bound: the default of the SDK, 160 buckets a side. */
const maxBuckets = 160;

/** The finest scale that neither has to refine, and at which both together fit into the buckets of a side. */
function commonScale(a: ExponentialHistogram, b: ExponentialHistogram): number {
  let scale = Math.min(a.scale, b.scale);
  const widthAt = (side: 'positive' | 'negative'): number => {
    const ranges = [a, b].flatMap((each) => {
      const { offset, bucketCounts } = each[side];
      if (bucketCounts.length === 0) return [];
      const shift = each.scale - scale;
      return [[shifted(offset, shift), shifted(offset + bucketCounts.length - 1, shift)] as const];
    });
    if (ranges.length === 0) return 0;
    return Math.max(...ranges.map(([, last]) => last)) - Math.min(...ranges.map(([first]) => first)) + 1;
  };
  while (Math.max(widthAt('positive'), widthAt('negative')) > maxBuckets) scale -= 1;
  return scale;
}

/** One scale coarser, two neighbours become one (metrics data model, "ExponentialHistogram"). */
function shifted(index: number, shift: number): number {
  return Math.floor(index / 2 ** shift);
}

function addedSide(a: Side, shiftA: number, b: Side, shiftB: number): Side {
  const counts = new Map<number, number>();
  for (const [side, shift] of [[a, shiftA] as const, [b, shiftB] as const]) {
    side.bucketCounts.forEach((count, i) => {
      const index = shifted(side.offset + i, shift);
      counts.set(index, (counts.get(index) ?? 0) + count);
    });
  }
  if (counts.size === 0) return { offset: 0, bucketCounts: [] };
  const offset = Math.min(...counts.keys());
  const length = Math.max(...counts.keys()) - offset + 1;
  return { offset, bucketCounts: Array.from({ length }, (_, i) => counts.get(offset + i) ?? 0) };
}

function isBefore(a: HrTime, b: HrTime): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}
