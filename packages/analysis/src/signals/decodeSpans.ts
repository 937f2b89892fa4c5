import { type ClockAnchor, type EndedSpan, toTimeNs } from '@benchlab-otel/core';

/** A span as the probe keeps it: what measuring and counting need, and no more. */
export interface ReceivedSpan extends EndedSpan {
  /** Its status is ERROR. */
  readonly failed: boolean;
}

/** What of a request could be used. */
export interface DecodedSpans {
  readonly spans: readonly ReceivedSpan[];
  /** Spans without an id, without both times, or that end before they start. */
  readonly invalid: number;
}

/**
 * The spans of an ExportTraceServiceRequest, from protobuf (ids are bytes, times decimal strings) or from OTLP/JSON (ids
 * are hexadecimal). Times become CLOCK_MONOTONIC of this host by `anchor`. Throws a TypeError when the request does not
 * have the shape of one; a single span that makes no sense is counted.
 */
export function decodeSpans(request: unknown, anchor: ClockAnchor): DecodedSpans {
  const spans: ReceivedSpan[] = [];
  let invalid = 0;
  for (const resource of list(request, 'resourceSpans')) {
    for (const scope of list(resource, 'scopeSpans')) {
      for (const raw of list(scope, 'spans')) {
        const span = decodeSpan(record(raw), anchor);
        if (span === undefined) invalid++;
        else spans.push(span);
      }
    }
  }
  return { spans, invalid };
}

/** How many metrics an ExportMetricsServiceRequest holds. */
export function countMetrics(request: unknown): number {
  return count(request, 'resourceMetrics', 'scopeMetrics', 'metrics');
}

/** How many records an ExportLogsServiceRequest holds. */
export function countLogRecords(request: unknown): number {
  return count(request, 'resourceLogs', 'scopeLogs', 'logRecords');
}

// Many SDKs (OpenTelemetry JS among them) take the start of a span from a clock of whole milliseconds, cut off, and add
// a precise duration to it: such a span lies anywhere in the millisecond after its stated start, on average in its middle.
const MILLISECOND_NS = 1_000_000n;
const HALF_MILLISECOND_NS = 500_000;

function decodeSpan(raw: Record<string, unknown>, anchor: ClockAnchor): ReceivedSpan | undefined {
  const traceId = id(raw.traceId, 16);
  const spanId = id(raw.spanId, 8);
  const parentSpanId = id(raw.parentSpanId, 8);
  const start = epochNs(raw.startTimeUnixNano);
  const end = epochNs(raw.endTimeUnixNano);
  if (traceId === undefined || spanId === undefined || start === undefined || end === undefined) return undefined;
  if (start === 0n || end < start) return undefined;
  const cutOffNs = start % MILLISECOND_NS === 0n ? HALF_MILLISECOND_NS : 0;
  const status = raw.status === undefined || raw.status === null ? {} : record(raw.status);
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: typeof raw.name === 'string' ? raw.name.slice(0, MAX_NAME) : '',
    kind: spanKind(raw.kind),
    startNs: toTimeNs(anchor, start) + cutOffNs,
    endNs: toTimeNs(anchor, end) + cutOffNs,
    uncertaintyNs: anchor.uncertaintyNs + cutOffNs,
    attributes: {},
    failed: status.code === STATUS_ERROR,
  };
}

const MAX_NAME = 256;
// StatusCode of the OTLP specification: 2 is error.
const STATUS_ERROR = 2;

/** SpanKind counts from 1 in OTLP (0 is unspecified) and from 0 (internal) in the OpenTelemetry API. */
function spanKind(value: unknown): EndedSpan['kind'] {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 5 ? value - 1 : 0;
}

/** An id in hexadecimal; undefined when it is absent, has another length, or is all zero (invalid by specification). */
function id(value: unknown, bytes: number): string | undefined {
  const hex = Buffer.isBuffer(value) ? value.toString('hex') : typeof value === 'string' ? value.toLowerCase() : '';
  return hex.length === bytes * 2 && /^[0-9a-f]+$/.test(hex) && !/^0+$/.test(hex) ? hex : undefined;
}

function epochNs(value: unknown): bigint | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  return typeof value === 'string' && /^[0-9]{1,19}$/.test(value) ? BigInt(value) : undefined;
}

function count(request: unknown, resources: string, scopes: string, items: string): number {
  let total = 0;
  for (const resource of list(request, resources)) {
    for (const scope of list(resource, scopes)) total += list(scope, items).length;
  }
  return total;
}

function list(parent: unknown, field: string): readonly unknown[] {
  const value = record(parent)[field];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new TypeError(`${field} is not a list`);
  return value;
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not a message of OTLP');
  return value as Record<string, unknown>; // the checks above are what the type says
}
