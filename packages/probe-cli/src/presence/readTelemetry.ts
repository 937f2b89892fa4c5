import type { Lost, Observed, ObservedPoint, ObservedSeries } from '@benchlab-otel/analysis';
import { spanKinds } from '@benchlab-otel/analysis';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import type { SavedLog, SavedNumber, SavedSeries, SavedSpan, SavedTelemetry } from './savedTelemetry.ts';
import { telemetrySchema } from './telemetrySchema.ts';
import { pathText } from './yamlValue.ts';

/** What a saved file holds. */
export interface ReadTelemetry {
  readonly observed: Observed;
  readonly lost: Lost;
}

/**
 * Reads the text of a file of `run --save`.
 *
 * @throws BenchlabError BAD_OPTION that states what is wrong with it
 */
export function readTelemetry(path: string, text: string): ReadTelemetry {
  const parsed = telemetrySchema.safeParse(jsonOf(path, text));
  if (parsed.success) return restored(parsed.data);
  const [issue] = parsed.error.issues;
  const place = pathText((issue?.path ?? []).map((step) => (typeof step === 'number' ? step : String(step))));
  throw notSaved(path, `${place === '' ? 'the file' : place} does not have the form of one: ${issue?.message ?? ''}`);
}

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notSaved(path, messageOf(error), error);
  }
}

function notSaved(path: string, why: string, cause?: unknown): BenchlabError {
  const fix = 'Name a file that benchlab-probe run --save FILE wrote.';
  return new BenchlabError('BAD_OPTION', `${path} is not saved telemetry: ${why}.`, fix, { cause });
}

function restored({ series, spans, logs, lost }: SavedTelemetry): ReadTelemetry {
  const { series: lostSeries, spans: lostSpans, logs: lostLogs } = lost;
  return {
    observed: { series: joined(series), spans: spans.map(spanOf), logs: logs.map(logOf) },
    lost: {
      ...(lostSeries === undefined ? {} : { series: lostSeries }),
      ...(lostSpans === undefined ? {} : { spans: lostSpans }),
      ...(lostLogs === undefined ? {} : { logs: lostLogs }),
    },
  };
}

/** The file has a line for each label set: families come together again. */
function joined(lines: readonly SavedSeries[]): readonly ObservedSeries[] {
  const families = new Map<string, ObservedSeries & { readonly points: ObservedPoint[] }>();
  for (const { name, type, unit, points } of lines) {
    const known = families.get(name) ?? { name, type, ...(unit === undefined ? {} : { unit }), points: [] };
    families.set(name, known);
    known.points.push(...points.map(pointOf));
  }
  return [...families.values()];
}

function pointOf({ labels, value, first, delta, sum, exemplars = 0 }: SavedSeries['points'][number]): ObservedPoint {
  return {
    labels,
    value: numberOf(value),
    ...(first === undefined ? {} : { first: numberOf(first) }),
    ...(delta === undefined ? {} : { delta: numberOf(delta) }),
    ...(sum === undefined ? {} : { sum: numberOf(sum) }),
    exemplars,
  };
}

function numberOf(saved: SavedNumber): number {
  return typeof saved === 'number' ? saved : Number(saved.replace('Inf', 'Infinity'));
}

function spanOf(saved: SavedSpan): Observed['spans'][number] {
  const { traceId, spanId, parentSpanId, name, kind, status, statusMessage, attributes, links = [] } = saved;
  const startNs = saved.startSeconds * 1e9;
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    kind: spanKinds.indexOf(kind),
    startNs,
    endNs: startNs + saved.durationSeconds * 1e9,
    uncertaintyNs: 0,
    attributes: attributesOf(attributes),
    failed: status === 'error',
    status: { code: status, ...(statusMessage === undefined ? {} : { message: statusMessage }) },
    events: [],
    links: links.map((link) => ({ ...link, attributes: {} })),
    dropped: 0,
    resource: {},
    scope: { name: '' },
  };
}

function logOf({ event, severityNumber, traceId, spanId, fields }: SavedLog): Observed['logs'][number] {
  return {
    ...(event === undefined ? {} : { eventName: event }),
    ...(severityNumber === undefined ? {} : { severityNumber }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
    attributes: attributesOf(fields),
    resource: {},
    scope: { name: '' },
  };
}

function attributesOf(saved: SavedSpan['attributes']): Observed['spans'][number]['attributes'] {
  return saved as Observed['spans'][number]['attributes']; // the same values, as lists that may not be written
}
