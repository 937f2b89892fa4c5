import { attributesKey, prometheusLabels, prometheusName, prometheusUnit } from '@benchlab-otel/core';
import type { ReceivedMetricPoint } from '../../signals/decodeMetrics.ts';
import type { Origin } from '../../signals/origin.ts';
import { counted } from '../../text/quantity.ts';
import type { ObservedPoint, ObservedSeries, SeriesType } from '../observed.ts';
import { mergedPoint } from './mergedPoint.ts';
import { type PointReading, pointReading } from './pointReading.ts';
import { type Counting, Stream } from './stream.ts';

export interface SeriesRecorderOptions {
  /** Streams that are kept: a series of one process. Default 100,000. Further ones are dropped and counted. */
  readonly streams?: number;
  /** Their names, labels and processes, about. Default 128 MiB. */
  readonly bytes?: number;
  /** CLOCK_MONOTONIC since when the program is observed, ns. A count that began later grew from 0. */
  readonly sinceNs?: number;
  /** The program was started by the observer, so that all of its counts grew from 0 unless they state an earlier start. */
  readonly fromStart?: boolean;
}

/** The streams of one set of labels. */
interface Group {
  readonly labels: Readonly<Record<string, string>>;
  readonly pushed: Stream[];
  scraped?: Stream;
}

interface Family {
  readonly name: string;
  readonly type: SeriesType;
  unit: string | undefined;
  readonly groups: Map<string, Group>;
}

/** A program may state its start some time before the clock of the observer reads it, ns: clocks are set. */
const startSlackNs = 1e9;
/** Processes and scopes. A run of more is a flood. */
const maxOrigins = 1_000;
const maxConflicts = 100;

/**
 * Puts data points of OTLP and metrics pages together to series under their Prometheus names: one expectation holds for
 * both. Several processes, and attribute sets whose labels are equal, become one point, as on a page: counts are added, of
 * gauges the newest is kept.
 */
export class SeriesRecorder {
  readonly #maxStreams: number;
  readonly #maxBytes: number;
  readonly #sinceNs: number;
  readonly #fromStart: boolean;
  readonly #families = new Map<string, Family>();
  /** By process, metric and attributes. Null for those of a family that has another type. */
  readonly #streams = new Map<string, Stream | null>();
  readonly #origins = new Map<string, number>();
  readonly #originOfScope = new WeakMap<object, number>();
  readonly #conflicts = new Map<string, string>();
  #bytes = 0;
  #dropped = 0;
  #unusable = 0;

  constructor(options: SeriesRecorderOptions = {}) {
    const { streams = 100_000, bytes = 128 * 2 ** 20, sinceNs = Infinity, fromStart = false } = options;
    this.#maxStreams = streams;
    this.#maxBytes = bytes;
    this.#sinceNs = sinceNs - startSlackNs;
    this.#fromStart = fromStart;
  }

  /** Data points of OTLP, in the order in which they arrived. */
  addPoints(points: readonly ReceivedMetricPoint[]): void {
    for (const point of points) this.#addPoint(point);
  }

  /**
   * A page, and when it was read, CLOCK_MONOTONIC in ns. Pages of one program only: each has the series of the one before.
   */
  addPage(series: readonly ObservedSeries[], timeNs: number): void {
    for (const { name, type, unit, points } of series) {
      const family = this.#family(name, type, unit);
      if (family === undefined) continue;
      for (const { labels, value, sum, exemplars } of points) {
        const stream = this.#scraped(family, labels);
        stream?.add({ value, exemplars, timeNs, ...(sum === undefined ? {} : { sum }) });
      }
    }
  }

  /** Streams that are kept. */
  get size(): number {
    return this.#streams.size;
  }

  get series(): readonly ObservedSeries[] {
    const families = [...this.#families.values()].filter(({ groups }) => groups.size > 0);
    return families.map(({ name, type, unit, groups }) => ({
      name,
      type,
      ...(unit === undefined ? {} : { unit }),
      points: Array.from(
        groups.values(),
        (group): ObservedPoint => ({ labels: group.labels, ...mergedPoint(group, isCounted(type)) }),
      ),
    }));
  }

  /** What is missing in `series`, a sentence each. */
  get losses(): readonly string[] {
    return [
      ...(this.#dropped > 0
        ? [
            `${counted(this.#dropped, 'data point')} of series beyond the bounds ${this.#dropped === 1 ? 'was' : 'were'} dropped`,
          ]
        : []),
      ...(this.#unusable > 0
        ? [`${counted(this.#unusable, 'data point')} had no temporality, or a count below 0 or not a number`]
        : []),
      ...this.#conflicts.values(),
    ];
  }

  #addPoint(point: ReceivedMetricPoint): void {
    const parsed = pointReading(point);
    if (parsed === undefined) {
      this.#unusable += 1;
      return;
    }
    const origin = this.#originOf(point);
    const key = `${origin} ${parsed.type} ${parsed.counting} ${point.unit} ${point.name} ${attributesKey(point.attributes)}`;
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      if (origin === undefined || !this.#hasPlace(key)) {
        this.#dropped += 1;
        return;
      }
      stream = this.#pushed(point, parsed) ?? null;
      this.#streams.set(key, stream);
    }
    stream?.add(parsed.reading);
  }

  /** Takes the place of a stream, where there is one. */
  #hasPlace(key: string): boolean {
    if (this.#streams.size >= this.#maxStreams || this.#bytes + sizeOf(key) > this.#maxBytes) return false;
    this.#bytes += sizeOf(key);
    return true;
  }

  #pushed(point: ReceivedMetricPoint, { type, instrument, counting, isAdditive, reading }: PointReading) {
    const { name, unit } = point;
    const words = prometheusUnit({ unit, instrument });
    const family = this.#family(prometheusName({ name, unit, instrument }), type, words === '' ? undefined : words);
    if (family === undefined) return undefined;
    const labels = prometheusLabels(point.attributes, { isHistogram: type === 'histogram' });
    const stream = new Stream(counting, isAdditive, this.#isFromZero(reading.startNs));
    groupOf(family, labels).pushed.push(stream);
    return stream;
  }

  #scraped(family: Family, labels: Readonly<Record<string, string>>): Stream | undefined {
    const pairs = Object.entries(labels).filter(([label]) => !isOfScope(label));
    const group = groupOf(family, pairs);
    if (group.scraped === undefined) {
      const key = `page ${family.name} ${JSON.stringify(pairs)}`;
      if (!this.#hasPlace(key)) {
        if (group.pushed.length === 0) family.groups.delete(keyOf(pairs));
        this.#dropped += 1;
        return undefined;
      }
      group.scraped = new Stream(countingOfType(family.type), isCounted(family.type), this.#fromStart);
      this.#streams.set(key, group.scraped);
    }
    return group.scraped;
  }

  /** The family of a name. Undefined where it has another type, as a page leaves out the later one. */
  #family(name: string, type: SeriesType, unit: string | undefined): Family | undefined {
    if (name === '') return this.#conflict(name, 'a metric has no character in its name that Prometheus allows');
    const known = this.#families.get(name);
    if (known === undefined) {
      const family = { name, type, unit, groups: new Map() };
      this.#families.set(name, family);
      return family;
    }
    known.unit ??= unit;
    // A page of the text format has no infos: it shows them as gauges.
    if (known.type === type || (name.endsWith('_info') && isInfoOrGauge(known.type) && isInfoOrGauge(type)))
      return known;
    return this.#conflict(name, `${name} is a ${known.type} and also a ${type}: the second is left out`);
  }

  #conflict(name: string, why: string): undefined {
    if (this.#conflicts.size < maxConflicts) this.#conflicts.set(name, why);
  }

  #isFromZero(startNs: number | undefined): boolean {
    return startNs === undefined ? this.#fromStart : startNs >= this.#sinceNs;
  }

  /** A number for each process and scope, and with a new one the series `target_info`. Undefined beyond the bound. */
  #originOf({ resource, scope }: Origin): number | undefined {
    const known = this.#originOfScope.get(scope);
    if (known !== undefined) return known;
    const key = JSON.stringify([resource, scope]);
    let origin = this.#origins.get(key);
    if (origin === undefined) {
      if (this.#origins.size >= maxOrigins || this.#bytes + sizeOf(key) > this.#maxBytes) return undefined;
      this.#bytes += sizeOf(key);
      origin = this.#origins.size;
      this.#origins.set(key, origin);
      this.#addTargetInfo(resource);
    }
    this.#originOfScope.set(scope, origin);
    return origin;
  }

  #addTargetInfo(resource: Origin['resource']): void {
    const labels = prometheusLabels(resource);
    const family = labels.length === 0 ? undefined : this.#family('target_info', 'info', undefined);
    if (family === undefined) return;
    const { pushed } = groupOf(family, labels);
    if (pushed.length > 0) return;
    const stream = new Stream('latest', false, false);
    stream.add({ value: 1, exemplars: 0, timeNs: 0 });
    pushed.push(stream);
  }
}

function groupOf(family: Family, labels: readonly (readonly [string, string])[]): Group {
  const key = keyOf(labels);
  const known = family.groups.get(key);
  if (known !== undefined) return known;
  const group: Group = { labels: Object.fromEntries(labels), pushed: [] };
  family.groups.set(key, group);
  return group;
}

function keyOf(labels: readonly (readonly [string, string])[]): string {
  return JSON.stringify([...labels].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The key of a stream, its labels, and what both are looked up by: each has the same texts. */
function sizeOf(key: string): number {
  return 400 + 3 * key.length;
}

/** Pages of other SDKs have them, OTLP has them elsewhere. Source: OpenTelemetry specification, "Instrumentation scope". */
function isOfScope(label: string): boolean {
  return label.startsWith('otel_scope_');
}

function isCounted(type: SeriesType): boolean {
  return type === 'counter' || type === 'histogram' || type === 'summary';
}

function countingOfType(type: SeriesType): Counting {
  return isCounted(type) ? 'total' : 'latest';
}

function isInfoOrGauge(type: SeriesType): boolean {
  return type === 'info' || type === 'gauge';
}
