import type { ObservedPoint, ObservedSeries, SeriesType } from '../observed.ts';
import type { PageFormat } from './pageFormat.ts';
import { pageNumber } from './pageNumber.ts';
import type { SampleLine } from './sampleLine.ts';

/** What a sample is in its family. */
export type SamplePart = 'value' | 'count' | 'sum' | 'bucket' | 'quantile' | 'created';

interface Point {
  readonly labels: Readonly<Record<string, string>>;
  value?: number;
  count?: number;
  sum?: number;
  /** Of the bucket `+Inf`: the count, where there is no other. */
  all?: number;
  exemplars: number;
  /** The bucket before. */
  below?: { readonly bound: number; readonly count: number };
  /** What was seen of it, with bounds, quantiles and the newest timestamp. */
  readonly seen: Map<string, number | undefined>;
}

/** What the samples of each type add to the name of the family. */
const suffixes: Readonly<Record<SeriesType, Readonly<Record<string, SamplePart>>>> = {
  counter: { _total: 'value', _created: 'created' },
  gauge: { '': 'value' },
  histogram: { _bucket: 'bucket', _sum: 'sum', _count: 'count', _created: 'created' },
  gaugehistogram: { _bucket: 'bucket', _gsum: 'sum', _gcount: 'count' },
  summary: { '': 'quantile', _sum: 'sum', _count: 'count', _created: 'created' },
  stateset: { '': 'value' },
  info: { _info: 'value' },
  unknown: { '': 'value' },
};

/** The samples of one family, put together to points. */
export class PageFamily {
  /** As the page has it: in OpenMetrics, a counter is without `_total`. */
  readonly name: string;
  type: SeriesType = 'unknown';
  readonly stated: Set<'TYPE' | 'HELP' | 'UNIT'> = new Set();
  unit: string | undefined;
  readonly #format: PageFormat;
  readonly #points = new Map<string, Point>();

  constructor(name: string, format: PageFormat) {
    this.name = name;
    this.#format = format;
  }

  get hasSamples(): boolean {
    return this.#points.size > 0;
  }

  /** The part that a sample of this name is. Undefined where it belongs to another family. */
  partOf(sample: string): SamplePart | undefined {
    if (!sample.startsWith(this.name)) return undefined;
    const suffix = sample.slice(this.name.length);
    // The text format writes counters under the name of their family, and has no time of creation.
    if (this.#format === 'text' && this.type === 'counter') return suffix === '' ? 'value' : undefined;
    const part = Object.hasOwn(suffixes[this.type], suffix) ? suffixes[this.type][suffix] : undefined;
    return this.#format === 'text' && part === 'created' ? undefined : part;
  }

  /** Whether the sample would make a new point. */
  isNew(part: SamplePart, sample: SampleLine): boolean {
    return !this.#points.has(keyOf(this.#ownLabels(part, sample)));
  }

  /** @throws Error whose message states why the sample is impossible here */
  add(part: SamplePart, sample: SampleLine): void {
    const { labels, value, timestamp, hasExemplar } = sample;
    const bound = this.#boundOf(part, sample);
    const own = this.#ownLabels(part, sample);
    const key = keyOf(own);
    const point: Point = this.#points.get(key) ?? { labels: Object.fromEntries(own), exemplars: 0, seen: new Map() };
    const piece = `${part} ${bound}`;
    if (point.seen.has(piece) && !isLater(timestamp, point.seen.get(piece)))
      throw new Error('the series is there already');
    if (hasExemplar && !this.#mayHaveExemplar(part)) throw new Error(`an exemplar is not allowed on a ${this.type}`);
    this.#checkValue(part, value, labels);
    if (part === 'bucket' && bound !== undefined) this.#checkOrder(point, bound, value);
    this.#points.set(key, point);
    point.seen.set(piece, timestamp);
    if (hasExemplar) point.exemplars += 1;
    if (part === 'value') point.value = value;
    else if (part === 'count') point.count = value;
    else if (part === 'sum') point.sum = value;
    else if (bound === Infinity) point.all = value;
  }

  /** Undefined without a point. Mistakes that only the whole shows are given to `report`. */
  series(report: (why: string) => void): ObservedSeries | undefined {
    const isDistribution = this.type === 'histogram' || this.type === 'gaugehistogram';
    const points: ObservedPoint[] = [];
    for (const { labels, value, count, all, sum, exemplars } of this.#points.values()) {
      if (isDistribution && all === undefined) report(`${this.name} has a histogram without the bucket le="+Inf"`);
      if (all !== undefined && count !== undefined && all !== count)
        report(`${this.name} has a histogram whose bucket le="+Inf" is not its count`);
      if (isDistribution && this.#format === 'openmetrics' && (sum === undefined) !== (count === undefined))
        report(`${this.name} has a histogram with a sum or a count, and not both`);
      points.push({
        labels,
        value: value ?? count ?? all ?? Number.NaN,
        ...(sum === undefined ? {} : { sum }),
        exemplars,
      });
    }
    if (points.length === 0) return undefined;
    return {
      name: this.#seriesName(),
      type: this.type,
      ...(this.unit === undefined ? {} : { unit: this.unit }),
      points,
    };
  }

  /** Names that no other family of OpenMetrics may have. */
  get names(): readonly string[] {
    return [...new Set(['', ...Object.keys(suffixes[this.type])])].map((suffix) => this.name + suffix);
  }

  /** The name that Prometheus gives its series. */
  #seriesName(): string {
    if (this.#format === 'text') return this.name;
    if (this.type === 'counter') return `${this.name}_total`;
    return this.type === 'info' ? `${this.name}_info` : this.name;
  }

  /** The bound of a bucket, the rank of a quantile. */
  #boundOf(part: SamplePart, { labels }: SampleLine): number | undefined {
    const label = ownLabel[part];
    if (label === undefined) return undefined;
    const text = labels.get(label);
    const bound = text === undefined ? undefined : pageNumber(text);
    if (bound === undefined || Number.isNaN(bound)) throw new Error(`a ${part} has a number as its label ${label}`);
    return bound;
  }

  /** Without the label by which the samples of one point differ. */
  #ownLabels(part: SamplePart, { labels }: SampleLine): readonly [string, string][] {
    return [...labels].filter(([label]) => label !== ownLabel[part]).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The text format is also written by programs that read one bucket after the other while they change. */
  #checkOrder(point: Point, bound: number, count: number): void {
    const { below } = point;
    point.below = { bound, count };
    if (this.#format === 'text' || below === undefined) return;
    if (bound <= below.bound) throw new Error('the buckets of a histogram have rising bounds');
    if (count < below.count) throw new Error('a bucket of a histogram has at least the count of the bucket below it');
  }

  #mayHaveExemplar(part: SamplePart): boolean {
    return part === 'bucket' || (part === 'value' && this.type === 'counter');
  }

  /** Source: OpenMetrics 1.0, "Metric Types". The text format allows any value. */
  #checkValue(part: SamplePart, value: number, labels: ReadonlyMap<string, string>): void {
    if (this.#format === 'text') return;
    const isCount = this.type === 'counter' || part === 'count' || part === 'bucket';
    if (isCount && part !== 'created' && !(value >= 0)) throw new Error(`a count is not ${value}`);
    if (this.type === 'info' && value !== 1) throw new Error('the value of an info is 1');
    if (this.type !== 'stateset') return;
    if (value !== 0 && value !== 1) throw new Error('the value of a state is 0 or 1');
    if (!labels.has(this.name)) throw new Error(`a state has the label ${this.name}`);
  }
}

/** The label that belongs to a part of a point, and not to the point. */
const ownLabel: Readonly<Partial<Record<SamplePart, string>>> = { bucket: 'le', quantile: 'quantile' };

/** The same series may come again with a later timestamp; the later value counts. */
function isLater(timestamp: number | undefined, before: number | undefined): boolean {
  return timestamp !== undefined && before !== undefined && timestamp > before;
}

function keyOf(labels: readonly [string, string][]): string {
  return JSON.stringify(labels);
}
