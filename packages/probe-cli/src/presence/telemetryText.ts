import {
  counted,
  eventOf,
  fieldsOf,
  type Lost,
  type Observed,
  type ObservedSeries,
  spanKinds,
} from '@benchlab-otel/analysis';
import type { SavedLog, SavedNumber, SavedSeries, SavedSpan } from './savedTelemetry.ts';

/** Items of each signal, and characters of all of them, that one file holds. */
export interface SaveBounds {
  readonly items: number;
  readonly characters: number;
}

export const saveBounds: SaveBounds = { items: 20_000, characters: 64 * 2 ** 20 };

interface SaveDetails {
  /** ISO 8601. */
  readonly startedAt: string;
  /** What of each signal was lost before. */
  readonly lost: Lost;
}

/**
 * What a run showed, for `check`: one item a line, as `schema/telemetry.schema.json` describes it. What is beyond the bounds
 * is left out, and the file states how much: then a judgement that it could change is inconclusive.
 */
export function telemetryText(
  { series, spans, logs }: Observed,
  { startedAt, lost }: SaveDetails,
  { items, characters }: SaveBounds = saveBounds,
): string {
  const startNs = spans.reduce((least, span) => Math.min(least, span.startNs), Number.POSITIVE_INFINITY);
  let left = characters;
  const lines = <Item>(all: readonly Item[], saved: (item: Item) => object): readonly string[] => {
    const kept: string[] = [];
    for (const item of all) {
      const line = JSON.stringify(saved(item));
      if (kept.length >= items || line.length > left) break;
      left -= line.length;
      kept.push(line);
    }
    return kept;
  };
  const points = series.flatMap((family) => family.points.map((point) => ({ ...family, points: [point] })));
  const parts = {
    series: lines(points, savedSeries),
    spans: lines(spans, (span) => savedSpan(span, startNs)),
    logs: lines(logs, savedLog),
  };
  const all = {
    series: withCut(lost.series, points.length - parts.series.length, 'label set'),
    spans: withCut(lost.spans, spans.length - parts.spans.length, 'span'),
    logs: withCut(lost.logs, logs.length - parts.logs.length, 'log record'),
  };
  const head = JSON.stringify({ schema: 'benchlab-probe/telemetry', schemaVersion: 1, startedAt, lost: all });
  const lists = Object.entries(parts).map(([name, each]) => `"${name}": [\n${each.join(',\n')}\n]`);
  return `${head.slice(0, -1)},\n${lists.join(',\n')}}\n`;
}

function withCut(lost: string | undefined, cut: number, noun: string): string | undefined {
  if (cut === 0) return lost;
  const text = `not in the saved file: ${counted(cut, noun)}`;
  return lost === undefined ? text : `${lost}, and ${text}`;
}

/** A family with one label set: families are joined again when the file is read. */
function savedSeries({ name, type, unit, points }: ObservedSeries): SavedSeries {
  return {
    name,
    type,
    ...(unit === undefined ? {} : { unit }),
    points: points.map(({ labels, value, first, delta, sum, exemplars }) => ({
      labels,
      value: numberOf(value),
      ...(first === undefined ? {} : { first: numberOf(first) }),
      ...(delta === undefined ? {} : { delta: numberOf(delta) }),
      ...(sum === undefined ? {} : { sum: numberOf(sum) }),
      ...(exemplars === 0 ? {} : { exemplars }),
    })),
  };
}

function savedSpan(span: Observed['spans'][number], startNs: number): SavedSpan {
  const { traceId, spanId, parentSpanId, name, kind, status, attributes, links } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    kind: spanKinds[kind] ?? 'internal',
    startSeconds: (span.startNs - startNs) * 1e-9,
    durationSeconds: (span.endNs - span.startNs) * 1e-9,
    status: status.code,
    ...(status.message === undefined ? {} : { statusMessage: status.message }),
    attributes: finite(attributes),
    ...(links.length === 0 ? {} : { links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })) }),
  };
}

function savedLog(record: Observed['logs'][number]): SavedLog {
  const { traceId, spanId, severityNumber } = record;
  const event = eventOf(record);
  return {
    ...(event === undefined ? {} : { event }),
    ...(severityNumber === undefined ? {} : { severityNumber }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
    fields: finite(fieldsOf(record)),
  };
}

/** Without values that JSON has no form for: undefined, NaN and infinities. */
function finite(attributes: Observed['spans'][number]['attributes']): SavedSpan['attributes'] {
  const entries: [string, SavedSpan['attributes'][string]][] = [];
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) continue;
    const kept = Array.isArray(value) ? value.filter((each) => each !== null && each !== undefined) : value;
    entries.push([name, kept as SavedSpan['attributes'][string]]); // of one type, as all values that arrive
  }
  return Object.fromEntries(entries);
}

/** As the HTTP API of Prometheus writes what JSON has no form for. */
function numberOf(value: number): SavedNumber {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
