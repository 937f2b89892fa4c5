import type { ReportOnce } from '@benchlab-otel/core';
import type { Attributes, HrTime } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import {
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { added, classicScale, toClassic } from '../page/classicHistogram.ts';

/** The points that one process has collected. */
export interface ProcessPoints {
  readonly pid: number;
  readonly scopeMetrics: readonly ScopeMetrics[];
}

type SumPoint = Omit<DataPoint<number | Histogram>, 'value'> & {
  readonly value: number | Histogram;
  /** Of a histogram with explicit bounds made from an exponential one. */
  readonly scale?: number;
};

/** Takes a metric whose sum has fewer bounds than one of its histograms. */
type Coarser = (metric: MetricData) => void;

interface Family {
  readonly scope: InstrumentationScope;
  /** The first metric of the name: its description and unit. */
  readonly metric: MetricData;
  /** By attributes. */
  readonly series: Map<string, SumPoint>;
}

/** Series that are kept of processes that have ended, beyond those that a running one has too. */
const maxKeptSeries = 10_000;

/**
 * Adds up the points of several processes: counters, up-down counters and histograms as one series, gauges each with the
 * label `pid`. Counters and histograms of processes that have ended are kept, so that the sums never fall.
 */
export class SeriesSums {
  /** Series of ended processes that are no longer kept. */
  dropped = 0;
  /** Sums of histograms that have fewer bounds than one of them. */
  coarser = 0;
  readonly #ended = new Map<string, Family>();
  #endedSeries = 0;
  /** The attributes of the latest scrape, so that a series has the same object at each: the page finds it by that. */
  #attributes = new Map<string, Attributes>();
  readonly #coarser: Coarser;

  constructor(report: ReportOnce) {
    this.#coarser = ({ descriptor: { name } }) => {
      this.coarser += 1;
      report(
        `workers have ${name} with different bounds: the sum has only those that all of them have. ` +
          'Give the histogram the same bounds in each.',
      );
    };
  }

  /**
   * Keeps the counters and histograms of a process that has ended. Beyond the limit the oldest series are lost and counted,
   * but none that a running process has too: its sum would fall, which Prometheus takes for a restart.
   */
  keep({ scopeMetrics }: ProcessPoints, running: Iterable<ProcessPoints> = []): void {
    for (const { scope, metrics } of scopeMetrics) {
      for (const metric of metrics) {
        if (metric.dataPointType === DataPointType.GAUGE || isUpDown(metric)) continue;
        const family = familyIn(this.#ended, scope, metric);
        for (const point of pointsOf(metric)) {
          const key = attributesKey(point.attributes);
          if (!family.series.has(key)) this.#endedSeries += 1;
          addPoint(family, key, point, this.#coarser);
        }
      }
    }
    if (this.#endedSeries > maxKeptSeries) this.#dropOldest(running);
  }

  /** @param silent processes that have not answered: their latest counters and histograms count, their gauges do not */
  sum(answered: readonly ProcessPoints[], silent: readonly ProcessPoints[] = []): ScopeMetrics[] {
    const families = new Map<string, Family>();
    for (const [key, family] of this.#ended) families.set(key, { ...family, series: new Map(family.series) });
    for (const points of answered) addAll(families, points, false, this.#coarser);
    for (const points of silent) addAll(families, points, true, this.#coarser);
    const attributes = new Map<string, Attributes>();
    const scopes = new Map<InstrumentationScope, MetricData[]>();
    for (const [familyKey, { scope, metric, series }] of families) {
      const dataPoints = [...series].map(([key, point]) => {
        const id = `${familyKey} ${key}`;
        const same = this.#attributes.get(id) ?? point.attributes;
        attributes.set(id, same);
        return { ...point, attributes: same };
      });
      scopes.set(scope, [
        ...(scopes.get(scope) ?? []),
        { ...metric, ...classicType(metric), dataPoints } as MetricData,
      ]);
    }
    this.#attributes = attributes;
    return [...scopes].map(([scope, metrics]) => ({ scope, metrics }));
  }

  #dropOldest(running: Iterable<ProcessPoints>): void {
    const current = new Map<string, Family>();
    for (const points of running) addAll(current, points, true, () => {});
    for (const [familyKey, { series }] of this.#ended) {
      for (const key of series.keys()) {
        if (this.#endedSeries <= maxKeptSeries) return;
        if (current.get(familyKey)?.series.has(key)) continue;
        series.delete(key);
        this.#endedSeries -= 1;
        this.dropped += 1;
      }
      if (series.size === 0) this.#ended.delete(familyKey);
    }
  }
}

function addAll(
  families: Map<string, Family>,
  { pid, scopeMetrics }: ProcessPoints,
  isSilent: boolean,
  coarser: Coarser,
): void {
  for (const { scope, metrics } of scopeMetrics) {
    for (const metric of metrics) {
      const isGauge = metric.dataPointType === DataPointType.GAUGE;
      if (isSilent && (isGauge || isUpDown(metric))) continue;
      const family = familyIn(families, scope, metric);
      for (const point of pointsOf(metric)) {
        // A label of the application itself wins.
        const attributes = isGauge ? { pid, ...point.attributes } : point.attributes;
        addPoint(family, attributesKey(attributes), { ...point, attributes }, coarser);
      }
    }
  }
}

function isUpDown(metric: MetricData): boolean {
  return metric.dataPointType === DataPointType.SUM && !metric.isMonotonic;
}

function classicType({ dataPointType }: MetricData): Pick<MetricData, 'dataPointType'> {
  const isExponential = dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM;
  return { dataPointType: isExponential ? DataPointType.HISTOGRAM : dataPointType } as Pick<
    MetricData,
    'dataPointType'
  >;
}

/** Metrics of one name and different kinds stay apart; the page decides which of them it shows. */
function familyIn(families: Map<string, Family>, scope: InstrumentationScope, metric: MetricData): Family {
  const { name, unit } = metric.descriptor;
  const kind = metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
  const key = JSON.stringify([scope.name, scope.version, scope.schemaUrl, name, unit, metric.dataPointType, kind]);
  const known = families.get(key) ?? { scope, metric, series: new Map() };
  families.set(key, known);
  return known;
}

function pointsOf(metric: MetricData): readonly SumPoint[] {
  if (metric.dataPointType !== DataPointType.EXPONENTIAL_HISTOGRAM) return metric.dataPoints;
  return metric.dataPoints.map((point) => {
    const scale = classicScale(point.value);
    return { ...point, value: toClassic(point.value, scale), scale };
  });
}

/** A gauge of one process takes the place of the one before. */
function addPoint({ metric, series }: Family, key: string, point: SumPoint, coarser: Coarser): void {
  const known = series.get(key);
  const isSum = known !== undefined && metric.dataPointType !== DataPointType.GAUGE;
  series.set(key, isSum ? sumOf(known, point, () => coarser(metric)) : point);
}

/** @param coarser called where the sum of two histograms has fewer bounds than one of them */
function sumOf(a: SumPoint, b: SumPoint, coarser: () => void): SumPoint {
  const times = { startTime: earlier(a.startTime, b.startTime), endTime: b.endTime };
  if (typeof a.value === 'number' && typeof b.value === 'number') return { ...a, ...times, value: a.value + b.value };
  if (typeof a.value === 'number' || typeof b.value === 'number') return a;
  const areAligned = a.scale !== undefined && a.scale === b.scale;
  const value = added(a.value, b.value, areAligned) ?? withoutBounds(a.value, b.value);
  if (areAligned) return { ...a, ...times, value };
  // Exponential ones have the scale that their values need: no program has chosen it.
  const isChosen = a.scale === undefined && b.scale === undefined;
  if (isChosen && value.buckets.boundaries.length < Math.max(boundsOf(a.value), boundsOf(b.value))) coarser();
  // The sum has lost bounds: one that it lacks may have values, so no other is aligned with it.
  const { scale: _, ...point } = a;
  return { ...point, ...times, value };
}

function boundsOf({ buckets }: Histogram): number {
  return buckets.boundaries.length;
}

/** Without a common bound, the number of the values is still known, and their sum where both have one. */
function withoutBounds(a: Histogram, b: Histogram): Histogram {
  const count = a.count + b.count;
  const sum = a.sum === undefined || b.sum === undefined ? {} : { sum: a.sum + b.sum };
  return { ...sum, count, buckets: { boundaries: [], counts: [count] } };
}

function earlier(a: HrTime, b: HrTime): HrTime {
  return a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1]) ? a : b;
}

function attributesKey(attributes: Attributes): string {
  return JSON.stringify(
    Object.keys(attributes)
      .sort()
      .map((name) => [name, attributes[name]]),
  );
}
