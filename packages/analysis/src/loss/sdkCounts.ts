import { attribute } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { ReceivedMetricPoint } from '../signals/decodeMetrics.ts';

/** What the SDKs of the program state of their own spans, in their metrics `otel.sdk.*`, all processes together. */
export interface SdkCounts {
  /** Spans that were dropped before an exporter, or that an exporter gave up. */
  readonly lost: number;
  /** Lost spans by `error.type`: `queue_full`, `UNAVAILABLE`. */
  readonly lostBy: ReadonlyMap<string, number>;
  /** Spans that a collector has acknowledged, of the exporter with the most. Undefined where no exporter counts. */
  readonly acknowledged?: number;
  /** Sampled spans that have ended. Undefined where the SDK does not count them. */
  readonly ended?: number;
  /** Spans that a sampler left out. */
  readonly notSampled: number;
  /** CLOCK_MONOTONIC of this host, ns, of the newest of these counts, by the program: its resource as `resourceKeys` has it. */
  readonly timesNs: ReadonlyMap<string, number>;
}

// Semantic conventions 1.45, "Semantic conventions for OpenTelemetry SDK metrics".
const processedName = 'otel.sdk.processor.span.processed';
const exportedName = 'otel.sdk.exporter.span.exported';
const startedName = 'otel.sdk.span.started';
const liveName = 'otel.sdk.span.live';
const samplingResult = 'otel.span.sampling_result';
const sampled = 'RECORD_AND_SAMPLE';

/** A processor counts these itself. Some SDKs count a failed export there, too, under the name of the error. */
const droppedBeforeExport: ReadonlySet<string> = new Set(['queue_full', 'already_shutdown']);

/** Reads the metrics of SDKs about their spans out of all data points of a run. */
export function sdkCounts(points: readonly ReceivedMetricPoint[]): SdkCounts {
  const totals = new Totals();
  for (const point of points) totals.add(point);
  const series = totals.all();
  const of = (name: string) => series.filter((each) => each.name === name);
  const dropped = new Map<string, number>();
  const failedInProcessor = new Map<string, number>();
  for (const { errorType, value } of of(processedName)) {
    if (errorType !== undefined)
      add(droppedBeforeExport.has(errorType) ? dropped : failedInProcessor, errorType, value);
  }
  const failedInExporter = new Map<string, number>();
  const acknowledgedBy = new Map<string, number>();
  for (const { errorType, component, value } of of(exportedName)) {
    if (errorType === undefined) add(acknowledgedBy, component, value);
    else add(failedInExporter, errorType, value);
  }
  const failed = sum(failedInExporter) >= sum(failedInProcessor) ? failedInExporter : failedInProcessor;
  const lostBy = new Map([...dropped, ...failed].filter(([, count]) => count > 0));
  const started = of(startedName);
  const isSampled = ({ sampling }: Total) => sampling === sampled;
  return {
    lost: sum(lostBy),
    lostBy,
    ...(acknowledgedBy.size === 0 ? {} : { acknowledged: Math.max(...acknowledgedBy.values()) }),
    ...(started.length === 0
      ? {}
      : { ended: totalOf(started.filter(isSampled)) - totalOf(of(liveName).filter(isSampled)) }),
    notSampled: totalOf(started.filter((each) => !isSampled(each))),
    timesNs: totals.timesNs,
  };
}

/** The total of one series. */
interface Total {
  readonly name: string;
  readonly errorType: string | undefined;
  readonly component: string;
  readonly sampling: string | undefined;
  readonly value: number;
}

/** A series of one process: its start tells it from the series of another process with equal attributes. */
interface Stream {
  readonly startNs: number | undefined;
  newestNs: number;
  value: number;
}

/**
 * Starts of one process differ by the error of the clock that translates them: on a busy host by some milliseconds. Two
 * processes on two processors start further apart, because loading an SDK takes longer.
 */
const sameStartNs = 20e6;

class Totals {
  readonly #series = new Map<string, { readonly total: Omit<Total, 'value'>; readonly streams: Stream[] }>();
  readonly #keyOf = resourceKeys();
  readonly timesNs = new Map<string, number>();

  add(point: ReceivedMetricPoint): void {
    const { name, attributes, resource, timeNs } = point;
    if (![processedName, exportedName, startedName, liveName].includes(name)) return;
    // Counts of spans, from a program that may be wrong.
    if (point.kind !== 'sum' || !Number.isSafeInteger(point.value) || point.value < 0) return;
    const program = this.#keyOf(resource);
    this.timesNs.set(program, Math.max(this.timesNs.get(program) ?? timeNs, timeNs));
    const total = {
      name,
      errorType: text(attributes[attribute.errorType]),
      component: text(attributes[attribute.otelComponentName]) ?? '',
      sampling: text(attributes[samplingResult]),
    };
    const key = JSON.stringify([name, program, attributes]);
    const series = this.#series.get(key) ?? { total, streams: [] };
    this.#series.set(key, series);
    // Each delta has a start of its own: all of them are one stream. So are all points of a resource that names its process.
    const startNs = point.temporality === 'delta' || isOfOneProcess(resource) ? undefined : point.startNs;
    const stream = series.streams.find((each) => isSame(each.startNs, startNs));
    if (stream === undefined) series.streams.push({ startNs, newestNs: timeNs, value: point.value });
    else if (point.temporality === 'delta') stream.value += point.value;
    else if (timeNs >= stream.newestNs) Object.assign(stream, { newestNs: timeNs, value: point.value });
  }

  all(): readonly Total[] {
    return [...this.#series.values()].map(({ total, streams }) => ({
      ...total,
      value: streams.reduce((added, { value }) => added + value, 0),
    }));
  }
}

function isOfOneProcess(resource: Attributes): boolean {
  return resource[attribute.processPid] !== undefined;
}

/** Equal resources have one key. Most items of a program share one object, whose key is made once. */
export function resourceKeys(): (resource: Attributes) => string {
  const keys = new Map<Attributes, string>();
  return (resource) => {
    const key = keys.get(resource) ?? JSON.stringify(resource);
    keys.set(resource, key);
    return key;
  };
}

function isSame(a: number | undefined, b: number | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && Math.abs(a - b) < sameStartNs);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function add(counts: Map<string, number>, key: string, value: number): void {
  counts.set(key, (counts.get(key) ?? 0) + value);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function totalOf(series: readonly Total[]): number {
  return series.reduce((total, { value }) => total + value, 0);
}
