import type { Instrument } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { SdkHistogram, SdkMetric } from './sdkParts.ts';

/** Everything that one metric recorded, as plain data: the same under every SDK. */
export interface RecordedMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly instrument: Instrument;
  /** Name of the instrumentation scope. */
  readonly scope: string;
  readonly points: readonly RecordedPoint[];
}

/** A series of a metric, with its value. */
export interface RecordedPoint {
  readonly attributes: Attributes;
  readonly value: number | RecordedHistogram;
}

/** What a histogram has of one series. */
export interface RecordedHistogram {
  readonly count: number;
  readonly sum: number;
  readonly min?: number;
  readonly max?: number;
  /** `counts` has one more than `boundaries`. Missing from an exponential histogram. */
  readonly buckets?: { readonly boundaries: readonly number[]; readonly counts: readonly number[] };
}

// The values of AggregationTemporality and DataPointType of @opentelemetry/sdk-metrics, the same in SDK 2 and 3.
const deltaTemporality = 0;
const exponentialPoints = 1;
const gaugePoints = 2;
const sumPoints = 3;

interface Entry {
  readonly metric: Omit<RecordedMetric, 'points'>;
  readonly points: Map<string, RecordedPoint>;
}

/**
 * The sum of all collections since the last `clear`. Counters and histograms are collected as deltas, so that `clear`
 * can set them to 0 while the application keeps its instruments; levels (gauges, up-down counters) are kept as they are.
 */
export class RecordedMetrics {
  readonly #entries = new Map<string, Entry>();

  add(scope: string, metrics: readonly SdkMetric[]): void {
    for (const metric of metrics) {
      const { name, unit, description } = metric.descriptor;
      const key = JSON.stringify([scope, name]);
      const entry = this.#entries.get(key) ?? {
        metric: { name, unit, description, instrument: instrumentOf(metric), scope },
        points: new Map(),
      };
      this.#entries.set(key, entry);
      for (const { attributes, value } of metric.dataPoints) {
        const series = seriesKey(attributes);
        const next = typeof value === 'number' ? value : plain(value, metric.dataPointType !== exponentialPoints);
        const before = metric.aggregationTemporality === deltaTemporality ? entry.points.get(series)?.value : undefined;
        const isLevel = entry.metric.instrument === 'gauge';
        const sum = before === undefined || isLevel ? next : added(before, next);
        entry.points.set(series, { attributes: { ...attributes }, value: sum });
      }
    }
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Metrics that have a point, in the order in which they first appeared. */
  all(): RecordedMetric[] {
    return [...this.#entries.values()]
      .filter(({ points }) => points.size > 0)
      .map(({ metric, points }) => ({ ...metric, points: [...points.values()] }));
  }
}

function instrumentOf({ dataPointType, isMonotonic }: SdkMetric): Instrument {
  if (dataPointType === gaugePoints) return 'gauge';
  if (dataPointType === sumPoints) return isMonotonic ? 'counter' : 'updowncounter';
  return 'histogram';
}

function seriesKey(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function plain({ count, sum = 0, min, max, buckets }: SdkHistogram, isExplicit: boolean): RecordedHistogram {
  return {
    count,
    sum,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(isExplicit && buckets && { buckets: { boundaries: [...buckets.boundaries], counts: [...buckets.counts] } }),
  };
}

function added(before: RecordedPoint['value'], next: RecordedPoint['value']): RecordedPoint['value'] {
  if (typeof before === 'number' || typeof next === 'number') return Number(before) + Number(next);
  const counts = next.buckets?.counts.map((count, bucket) => count + (before.buckets?.counts[bucket] ?? 0));
  return {
    ...next,
    count: before.count + next.count,
    sum: before.sum + next.sum,
    ...(next.min !== undefined && { min: Math.min(before.min ?? next.min, next.min) }),
    ...(next.max !== undefined && { max: Math.max(before.max ?? next.max, next.max) }),
    ...(next.buckets && counts && { buckets: { boundaries: next.buckets.boundaries, counts } }),
  };
}
