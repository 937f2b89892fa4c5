import type { Attributes } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { DataPoint, Histogram } from '@opentelemetry/sdk-metrics';
import { beforeValue, valueText } from './exposition.ts';
import { histogramText } from './histogramText.ts';

/** A point in the form that the page shows. */
export type PagePoint = DataPoint<number> | DataPoint<Histogram>;

/** One series of a family and its text, which is written again only after its point has changed. */
export class Series {
  readonly attributes: Attributes;
  readonly scope: InstrumentationScope;
  readonly labels: string;
  /** True for the series of all attribute sets beyond the limit (OpenTelemetry specification, metrics SDK, "Overflow attribute"). */
  readonly isOverflow: boolean;
  /** Empty before the first point. */
  #text = '';
  /** Position of the value in the text of a number. */
  #valueAt = 0;
  /** The value, or the count of a histogram. */
  #value = 0;
  #sum: number | undefined;
  #startS = 0;
  #startNs = 0;

  constructor(attributes: Attributes, scope: InstrumentationScope, labels: string) {
    this.attributes = attributes;
    this.scope = scope;
    this.labels = labels;
    this.isOverflow = attributes['otel.metric.overflow'] === true;
  }

  text(name: string, point: PagePoint, isOpenMetrics: boolean): string {
    const { value, startTime } = point;
    if (typeof value === 'number') {
      if (this.#text !== '' && Object.is(value, this.#value)) return this.#text;
      const before = this.#text === '' ? beforeValue(name, this.labels) : this.#text.slice(0, this.#valueAt);
      this.#valueAt = before.length;
      this.#value = value;
      // Joined, not added: V8 keeps a sum of strings as a tree, which each page with this text would walk again.
      this.#text = [before, valueText(value), '\n'].join('');
      return this.#text;
    }
    // Histograms here are cumulative: with the same start, count and sum, nothing was recorded since the last page.
    const isUnchanged =
      value.count === this.#value &&
      value.sum === this.#sum &&
      startTime[0] === this.#startS &&
      startTime[1] === this.#startNs;
    if (this.#text !== '' && isUnchanged) return this.#text;
    this.#value = value.count;
    this.#sum = value.sum;
    [this.#startS, this.#startNs] = startTime;
    this.#text = histogramText(name, this.labels, value, { isOpenMetrics });
    return this.#text;
  }

  /** Discards the text, because something other than the point has changed it: the bounds of the buckets, for example. */
  forget(): void {
    this.#text = '';
  }
}
