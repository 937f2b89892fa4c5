import { DataPointType } from '@opentelemetry/sdk-metrics';
import { added } from './classicHistogram.ts';
import type { PageFamily } from './pageFamilies.ts';
import type { PagePoint } from './series.ts';

export interface MergedPoints {
  readonly byLabels: ReadonlyMap<string, PagePoint>;
  /** Histograms that could not be added: they have no bound in common with the one that has their labels. */
  readonly dropped: number;
  /** Histograms that were added over fewer bounds than they have. */
  readonly coarser: number;
}

/**
 * The points of a family by their labels. Attribute sets that differ may have the same labels, and so may metrics of two
 * libraries; Prometheus refuses two points with one set of labels.
 */
export function mergedPoints(
  family: PageFamily,
  labels: readonly string[],
  points: readonly PagePoint[],
): MergedPoints {
  const byLabels = new Map<string, PagePoint>();
  // Labels with a histogram that has its own bounds: what it has above a bound of the other one is not known.
  const withOwnBounds = new Set<string>();
  let [dropped, coarser] = [0, 0];
  const types = family.metrics.flatMap(({ metric }) => metric.dataPoints.map(() => metric.dataPointType));
  for (const [i, point] of points.entries()) {
    const label = labels[i] ?? '';
    const known = byLabels.get(label);
    // Only points of counters are left out before this, and those are all of one type.
    const type = family.type === 'counter' ? DataPointType.SUM : types[i];
    if (type !== DataPointType.EXPONENTIAL_HISTOGRAM) withOwnBounds.add(label);
    const merged = known === undefined ? point : mergedPoint(known, point, type, !withOwnBounds.has(label));
    if (merged === undefined) dropped += 1;
    else {
      if (known !== undefined && boundsOf(merged) < Math.max(boundsOf(known), boundsOf(point))) coarser += 1;
      byLabels.set(label, merged);
    }
  }
  return { byLabels, dropped, coarser };
}

function boundsOf({ value }: PagePoint): number {
  return typeof value === 'number' ? 0 : value.buckets.boundaries.length;
}

/** Sums and histograms are added. Of gauges, the newest is kept. Undefined for histograms without a common bound. */
function mergedPoint(
  a: PagePoint,
  b: PagePoint,
  type: DataPointType | undefined,
  areAligned: boolean,
): PagePoint | undefined {
  const newest = isNewer(b, a) ? b : a;
  if (typeof a.value === 'number' && typeof b.value === 'number') {
    return type === DataPointType.SUM ? { ...newest, value: a.value + b.value } : newest;
  }
  if (typeof a.value === 'number' || typeof b.value === 'number') return undefined;
  const value = added(a.value, b.value, areAligned);
  return value && { ...newest, value };
}

function isNewer({ endTime: a }: PagePoint, { endTime: b }: PagePoint): boolean {
  return a[0] > b[0] || (a[0] === b[0] && a[1] >= b[1]);
}
