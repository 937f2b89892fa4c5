import { DataPointType } from '@opentelemetry/sdk-metrics';
import { added } from './classicHistogram.ts';
import type { PageFamily } from './pageFamilies.ts';
import type { PagePoint } from './series.ts';

/**
 * The points of a family by their labels. Attribute sets that differ may have the same labels, and Prometheus refuses
 * two points with one set of labels.
 */
export function mergedPoints(
  family: PageFamily,
  labels: readonly string[],
  points: readonly PagePoint[],
): Map<string, PagePoint> {
  const byLabels = new Map<string, PagePoint>();
  const types = family.metrics.flatMap(({ metric }) => metric.dataPoints.map(() => metric.dataPointType));
  for (const [i, point] of points.entries()) {
    const label = labels[i] ?? '';
    const known = byLabels.get(label);
    byLabels.set(label, known === undefined ? point : mergedPoint(known, point, types[i]));
  }
  return byLabels;
}

/** Sums and histograms are added. Of gauges, the newest is kept; of histograms that cannot be added, the first. */
function mergedPoint(a: PagePoint, b: PagePoint, type: DataPointType | undefined): PagePoint {
  const newest = isNewer(b, a) ? b : a;
  if (typeof a.value === 'number' && typeof b.value === 'number') {
    return type === DataPointType.SUM ? { ...newest, value: a.value + b.value } : newest;
  }
  if (typeof a.value === 'number' || typeof b.value === 'number') return a;
  const value = added(a.value, b.value, type === DataPointType.EXPONENTIAL_HISTOGRAM);
  return value === undefined ? a : { ...newest, value };
}

function isNewer({ endTime: a }: PagePoint, { endTime: b }: PagePoint): boolean {
  return a[0] > b[0] || (a[0] === b[0] && a[1] >= b[1]);
}
