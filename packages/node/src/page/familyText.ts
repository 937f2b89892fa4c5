import type { ReportOnce } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { classicScale, toClassic } from './classicHistogram.ts';
import { beforeValue, valueText } from './exposition.ts';
import { exemplarText, histogramText } from './histogramText.ts';
import { mergedPoints } from './mergedPoints.ts';
import type { Pace } from './pace.ts';
import type { PageFamily } from './pageFamilies.ts';
import type { Exemplar } from './recentExemplars.ts';
import { type PagePoint, Series } from './series.ts';

export type LabelsOf = (attributes: Attributes, scope: InstrumentationScope, isHistogram: boolean) => string;

/** Exemplars by labels, newest first. */
export type ExemplarsByLabels = ReadonlyMap<string, readonly Exemplar[]>;

/** Points that a family does not show as they are. */
export interface FamilyLosses {
  readonly mergedPoints: number;
  /** Left out: histograms that could not be added, values that a counter cannot have. */
  readonly droppedPoints: number;
  readonly overflowSeries: number;
}

/** Places after its last one at which a series is looked for: all sensors of a board may disappear at the same time. */
const lookAhead = 64;
/** Characters in a piece of text. Joining and encoding this many takes a tenth of a millisecond. */
const maxPiece = 100_000;

/** Writes the series of one family at each scrape. A series that has not changed is not written again. */
export class FamilyText {
  readonly #labelsOf: LabelsOf;
  readonly #isOpenMetrics: boolean;
  readonly #report: ReportOnce;
  /**
   * The series of the latest scrape. The SDK returns the same attributes object for a series at every collection and keeps
   * the order, so a series is found at the place where it was. A series that disappears is not kept.
   */
  #series: readonly Series[] = [];
  #areDistinct = true;
  /** The coarsest scale of exponential histograms so far: a finer one would move the bounds of the buckets. */
  #scale: number = Infinity;

  constructor(labelsOf: LabelsOf, isOpenMetrics: boolean, report: ReportOnce) {
    this.#labelsOf = labelsOf;
    this.#isOpenMetrics = isOpenMetrics;
    this.#report = report;
  }

  /** Yields at the latest when the pace is over, so that the caller can let other work run. Some of the texts are empty. */
  *write(family: PageFamily, exemplars: ExemplarsByLabels, pace: Pace): Generator<string, FamilyLosses> {
    const points: PagePoint[] = [];
    const series: Series[] = [];
    let place = 0;
    let hasNew = false;
    let wrongValues = 0;
    for (const { metric, scope } of family.metrics) {
      for (const point of this.#points(metric)) {
        if (family.type === 'counter' && !isCount(point)) {
          wrongValues += 1;
          continue;
        }
        const found = this.#find(point.attributes, scope, place);
        const known = this.#series[found];
        if (known === undefined) hasNew = true;
        else place = found + 1;
        points.push(point);
        series.push(known ?? this.#newSeries(family, point.attributes, scope));
        if (pace.isOver()) yield '';
      }
    }
    this.#series = series;
    if (hasNew || !this.#areDistinct) this.#areDistinct = yield* areDistinct(series, pace);
    const overflowSeries = series.filter(({ isOverflow }) => isOverflow).length;
    if (wrongValues > 0) this.#report(`${family.name} has values that a counter cannot have; they are left out.`);
    if (this.#areDistinct) {
      yield* this.#text(family, series, points, exemplars, pace);
      return { mergedPoints: 0, droppedPoints: wrongValues, overflowSeries };
    }
    const labels = series.map((each) => each.labels);
    const { byLabels: merged, dropped, coarser } = mergedPoints(family, labels, points);
    const sameName = `${family.name} comes from histograms with different bounds`;
    if (dropped > 0) this.#report(`${sameName}, none of them in common: the first is shown, the others are left out.`);
    if (coarser > 0) this.#report(`${sameName}: they are added up over the bounds that they have in common.`);
    const written = [...merged].map(([label, { attributes }]) => new Series(attributes, { name: '' }, label));
    yield* this.#text(family, written, [...merged.values()], exemplars, pace);
    const droppedPoints = wrongValues + dropped;
    return { mergedPoints: points.length - merged.size - dropped, droppedPoints, overflowSeries };
  }

  #points(metric: MetricData): readonly PagePoint[] {
    if (metric.dataPointType !== DataPointType.EXPONENTIAL_HISTOGRAM) return metric.dataPoints;
    const before = this.#scale;
    for (const { value } of metric.dataPoints) this.#scale = Math.min(this.#scale, classicScale(value));
    if (this.#scale !== before) for (const series of this.#series) series.forget();
    return metric.dataPoints.map((point) => ({ ...point, value: toClassic(point.value, this.#scale) }));
  }

  #find(attributes: Attributes, scope: InstrumentationScope, place: number): number {
    const end = Math.min(place + lookAhead, this.#series.length);
    for (let i = place; i < end; i += 1) {
      if (this.#series[i]?.attributes === attributes && this.#series[i]?.scope === scope) return i;
    }
    return -1;
  }

  #newSeries(family: PageFamily, attributes: Attributes, scope: InstrumentationScope): Series {
    return new Series(attributes, scope, this.#labelsOf(attributes, scope, family.type === 'histogram'));
  }

  *#text(
    family: PageFamily,
    series: readonly Series[],
    points: readonly PagePoint[],
    exemplars: ExemplarsByLabels,
    pace: Pace,
  ): Generator<string> {
    let texts: string[] = [];
    let length = 0;
    for (const [i, each] of series.entries()) {
      const point = points[i];
      if (point === undefined) continue;
      const found = exemplars.size === 0 ? undefined : exemplars.get(each.labels);
      const text =
        found === undefined
          ? each.text(family.name, point, this.#isOpenMetrics)
          : textWithExemplars(family.name, each.labels, point, found);
      texts.push(text);
      length += text.length;
      if (length > maxPiece || pace.isOver()) {
        yield texts.join('');
        texts = [];
        length = 0;
      }
    }
    yield texts.join('');
  }
}

/** OpenMetrics 1.0, "Counter": the value is a number that is not below 0 and not NaN. */
function isCount({ value }: PagePoint): boolean {
  return typeof value === 'number' && value >= 0;
}

function textWithExemplars(name: string, labels: string, { value }: PagePoint, exemplars: readonly Exemplar[]): string {
  if (typeof value !== 'number') return histogramText(name, labels, value, { isOpenMetrics: true, exemplars });
  const newest = exemplars[0];
  return `${beforeValue(name, labels)}${valueText(value)}${newest === undefined ? '' : exemplarText(newest)}\n`;
}

function* areDistinct(series: readonly Series[], pace: Pace): Generator<string, boolean> {
  const seen = new Set<string>();
  for (const { labels } of series) {
    seen.add(labels);
    if (pace.isOver()) yield '';
  }
  return seen.size === series.length;
}
