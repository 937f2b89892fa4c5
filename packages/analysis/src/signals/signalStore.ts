import { type Clock, numberOption } from '@benchlab-otel/core';
import { approximateBytes } from './approximateBytes.ts';
import { decodeLogs, type ReceivedLogRecord } from './decodeLogs.ts';
import { decodeMetrics, type ReceivedMetricPoint } from './decodeMetrics.ts';
import { type DecodeParts, decodeSpans, type ReceivedSpan } from './decodeSpans.ts';
import { type Bounds, Newest, type Shared } from './newest.ts';
import { type Origin, Origins } from './origin.ts';
import type { Received } from './received.ts';
import { SpanIds } from './spanIds.ts';
import { TextPool } from './textPool.ts';

/** The three services of OTLP. */
export type SignalName = 'traces' | 'metrics' | 'logs';

export interface SignalStoreOptions {
  readonly clock: Clock;
  /** Default 200,000 spans and 512 MiB. Later spans are dropped: a budget is judged by the run from its start. */
  readonly spans?: Partial<Bounds>;
  /** Default 100,000 data points and 64 MiB. The oldest are dropped: the newest hold the totals. */
  readonly metricPoints?: Partial<Bounds>;
  /** Default 100,000 records and 64 MiB. The oldest are dropped. */
  readonly logRecords?: Partial<Bounds>;
  /** The span id in the TRACEPARENT of a run: a span with this parent is kept as a root. */
  readonly runSpanId?: string;
  /** Called with the spans of each request or part of one, once they are kept. */
  readonly onSpans?: (spans: readonly ReceivedSpan[]) => void;
  /** Called with the data points of each request or part of one. */
  readonly onMetricPoints?: (points: readonly ReceivedMetricPoint[]) => void;
}

const mebibyte = 2 ** 20;
const spanBounds: Bounds = { items: 200_000, bytes: 512 * mebibyte };
const otherBounds: Bounds = { items: 100_000, bytes: 64 * mebibyte };

/**
 * Keeps received spans, data points of metrics and log records, each within bounds, and counts what it drops.
 *
 * 200,000 spans take 60 MiB of heap without attributes, 95 MiB with 8 attributes and 116 MiB with 16, half of them
 * different texts (Node 20, measured after a garbage collection). The bounds of bytes are in terms of `approximateBytes`.
 */
export class SignalStore {
  readonly spans: ReceivedSpan[] = [];
  readonly #clock: Clock;
  readonly #runSpanId: { readonly runSpanId?: string };
  readonly #spanBounds: Bounds;
  readonly #metricPoints: Newest<ReceivedMetricPoint>;
  readonly #logRecords: Newest<ReceivedLogRecord>;
  readonly #onSpans: (spans: readonly ReceivedSpan[]) => void;
  readonly #onMetricPoints: (points: readonly ReceivedMetricPoint[]) => void;
  readonly #texts = new TextPool();
  readonly #origins = new Origins(this.#texts);
  readonly #spanIds = new SpanIds();
  /** Resources and scopes that are in `#spanBytes`, by the scope, which each origin has an object of its own for. */
  readonly #spanOrigins = new Set<object>();
  readonly #originBytes = new WeakMap<object, Shared>();
  #spanBytes = 0;
  #requests = 0;
  #refusedRequests = 0;
  #refusedSpanRequests = 0;
  #foreignRequests = 0;
  #strangerRequests = 0;
  #droppedSpans = 0;
  #invalidSpans = 0;
  #repeatedSpans = 0;
  #metrics = 0;
  #invalidMetricPoints = 0;
  #records = 0;
  #lastActivityNs: number;

  /** @throws OptionError when a bound is not a whole number from 0 */
  constructor({ clock, spans, metricPoints, logRecords, runSpanId, onSpans, onMetricPoints }: SignalStoreOptions) {
    this.#clock = clock;
    this.#runSpanId = runSpanId === undefined ? {} : { runSpanId };
    this.#spanBounds = boundsOf('spans', spans, spanBounds);
    this.#metricPoints = new Newest(boundsOf('metricPoints', metricPoints, otherBounds));
    this.#logRecords = new Newest(boundsOf('logRecords', logRecords, otherBounds));
    this.#onSpans = onSpans ?? (() => undefined);
    this.#onMetricPoints = onMetricPoints ?? (() => undefined);
    this.#lastActivityNs = clock.nowNs();
  }

  /**
   * Takes a decoded request.
   *
   * @throws TypeError when it is not one, and takes nothing of it
   */
  accept(signal: SignalName, request: unknown): void {
    this.acceptPart(signal, request);
    this.taken();
  }

  /** Takes a decoded request that is a part of one: the sender has made one request of all of them. @throws TypeError */
  acceptPart(signal: SignalName, request: unknown): void {
    const parts = { anchor: this.#clock.anchor(), texts: this.#texts, origins: this.#origins, ...this.#runSpanId };
    if (signal === 'metrics') this.#acceptMetrics(request, parts);
    else if (signal === 'logs') this.#acceptLogs(request, parts);
    else this.#acceptSpans(request, parts);
  }

  /** All parts of a request were taken. */
  taken(): void {
    this.#requests++;
    this.active();
  }

  /**
   * @param signal undefined where the request does not state it
   * @param isForeign it came by way of a browser or was sent to the name of another host
   */
  refuse(signal?: SignalName, isForeign = false): void {
    this.#refusedRequests++;
    if (isForeign) this.#foreignRequests++;
    if (signal === undefined || signal === 'traces') this.#refusedSpanRequests++;
    this.active();
  }

  /** A sender that is not part of the run sent something, which was not read. It is not a sign of life of the run. */
  stranger(): void {
    this.#strangerRequests++;
  }

  /** Something came in. */
  active(): void {
    this.#lastActivityNs = this.#clock.nowNs();
  }

  /** CLOCK_MONOTONIC of the latest sign of life from a sender. */
  get lastActivityNs(): number {
    return this.#lastActivityNs;
  }

  /** The oldest first. */
  get metricPoints(): readonly ReceivedMetricPoint[] {
    return this.#metricPoints.items;
  }

  /** The oldest first. */
  get logRecords(): readonly ReceivedLogRecord[] {
    return this.#logRecords.items;
  }

  get received(): Received {
    return {
      requests: this.#requests,
      refusedRequests: this.#refusedRequests,
      refusedSpanRequests: this.#refusedSpanRequests,
      foreignRequests: this.#foreignRequests,
      strangerRequests: this.#strangerRequests,
      spans: this.spans.length,
      droppedSpans: this.#droppedSpans,
      invalidSpans: this.#invalidSpans,
      repeatedSpans: this.#repeatedSpans,
      metrics: this.#metrics,
      droppedMetricPoints: this.#metricPoints.dropped,
      invalidMetricPoints: this.#invalidMetricPoints,
      logRecords: this.#records,
      droppedLogRecords: this.#logRecords.dropped,
    };
  }

  #acceptSpans(request: unknown, parts: DecodeParts): void {
    const { spans, invalid } = decodeSpans(request, parts);
    this.#invalidSpans += invalid;
    const kept = spans.filter((span) => this.#keep(span));
    if (kept.length > 0) this.#onSpans(kept);
  }

  #keep(span: ReceivedSpan): boolean {
    const { traceId, spanId } = span;
    if (this.#spanIds.has(traceId, spanId)) {
      this.#repeatedSpans++;
      return false;
    }
    const origin = this.#originOf(span);
    const bytes = ownBytes(span) + (this.#spanOrigins.has(origin.object) ? 0 : origin.bytes);
    if (this.spans.length >= this.#spanBounds.items || this.#spanBytes + bytes > this.#spanBounds.bytes) {
      this.#droppedSpans++;
      return false;
    }
    this.#spanBytes += bytes;
    this.#spanIds.add(traceId, spanId);
    this.#spanOrigins.add(origin.object);
    this.spans.push(span);
    return true;
  }

  #acceptMetrics(request: unknown, parts: DecodeParts): void {
    const { points, metrics, invalid } = decodeMetrics(request, parts);
    this.#metrics += metrics;
    this.#invalidMetricPoints += invalid;
    for (const point of points) this.#metricPoints.add(point, ownBytes(point), this.#originOf(point));
    if (points.length > 0) this.#onMetricPoints(points);
  }

  #acceptLogs(request: unknown, parts: DecodeParts): void {
    const records = decodeLogs(request, parts);
    this.#records += records.length;
    for (const record of records) this.#logRecords.add(record, ownBytes(record), this.#originOf(record));
  }

  /** The resource and the scope of an item, which many items share. */
  #originOf({ resource, scope }: Origin): Shared {
    const known = this.#originBytes.get(scope);
    if (known !== undefined) return known;
    const shared = { object: scope, bytes: approximateBytes(resource) + approximateBytes(scope) };
    this.#originBytes.set(scope, shared);
    return shared;
  }
}

/** The bounds that are given, and the defaults where one is absent or undefined. */
function boundsOf(option: string, { items, bytes }: Partial<Bounds> = {}, defaults: Bounds): Bounds {
  return {
    items: numberOption(`${option}.items`, items ?? defaults.items, { least: 0, isWhole: true }),
    bytes: numberOption(`${option}.bytes`, bytes ?? defaults.bytes, { least: 0, isWhole: true }),
  };
}

/** Without its resource and its scope, which many items share. */
function ownBytes(item: ReceivedSpan | ReceivedMetricPoint | ReceivedLogRecord): number {
  return approximateBytes(item, [item.resource, item.scope]);
}
