import type { Attributes } from '@opentelemetry/api';
import { type DataPoint, DataPointType, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import { added, classicScale, toClassic } from './classicHistogram.ts';
import { labelText } from './labelText.ts';
import type { PageFamily } from './pageFamilies.ts';

type PagePoint = DataPoint<number> | DataPoint<Histogram>;

/** The series of a family: the labels and the point of each, side by side. No labels are there twice. */
export interface ReadSeries {
  readonly labels: readonly string[];
  readonly points: readonly PagePoint[];
}

/** About 2 ms of work. */
export const pointsPerSlice = 2000;

/** Reads the series of one family, scrape after scrape, and keeps what need not be found out again. */
export class FamilySeries {
  readonly #constantLabels: Attributes;
  /** The SDK hands out the same attributes object for a series at every collection; when the series goes, so does this. */
  readonly #labels = new WeakMap<Attributes, string>();
  /** The labels of the last scrape, if no two were the same: the next scrape mostly has the very same. */
  #distinct: readonly string[] = [];
  /** The coarsest scale of exponential histograms so far: a finer one would move the bounds of the buckets. */
  #scale: number = Infinity;

  constructor(constantLabels: Attributes) {
    this.#constantLabels = constantLabels;
  }

  /** Yields now and then, so that the caller can let others work. */
  *read(family: PageFamily): Generator<undefined, ReadSeries> {
    const labels: string[] = [];
    const points: PagePoint[] = [];
    for (const metric of family.metrics) {
      for (const point of this.#points(metric)) {
        points.push(point);
        labels.push(this.#labelsOf(point.attributes, family.type === 'histogram'));
        if (labels.length % pointsPerSlice === 0) yield;
      }
    }
    return this.#areDistinct(labels) ? { labels, points } : merged(family, labels, points);
  }

  #points(metric: MetricData): readonly PagePoint[] {
    if (metric.dataPointType !== DataPointType.EXPONENTIAL_HISTOGRAM) return metric.dataPoints;
    for (const { value } of metric.dataPoints) this.#scale = Math.min(this.#scale, classicScale(value));
    return metric.dataPoints.map((point) => ({ ...point, value: toClassic(point.value, this.#scale) }));
  }

  #labelsOf(attributes: Attributes, isHistogram: boolean): string {
    const known = this.#labels.get(attributes);
    if (known !== undefined) return known;
    const text = labelText(attributes, this.#constantLabels, isHistogram);
    this.#labels.set(attributes, text);
    return text;
  }

  #areDistinct(labels: readonly string[]): boolean {
    const last = this.#distinct;
    if (labels.length === last.length && labels.every((each, i) => each === last[i])) return true;
    const areDistinct = new Set(labels).size === labels.length;
    this.#distinct = areDistinct ? labels : [];
    return areDistinct;
  }
}

/** Attribute sets that differ may have the same labels; two points with one set of labels are refused by Prometheus. */
function merged(family: PageFamily, labels: readonly string[], points: readonly PagePoint[]): ReadSeries {
  const byLabels = new Map<string, PagePoint>();
  const types = family.metrics.flatMap(({ dataPointType, dataPoints }) => dataPoints.map(() => dataPointType));
  for (const [i, point] of points.entries()) {
    const label = labels[i] ?? '';
    const known = byLabels.get(label);
    byLabels.set(label, known === undefined ? point : mergedPoint(known, point, types[i]));
  }
  return { labels: [...byLabels.keys()], points: [...byLabels.values()] };
}

/** Sums and histograms are added; of gauges, and of histograms that cannot be added, one is kept. */
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
