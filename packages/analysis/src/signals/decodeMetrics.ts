import { toTimeNs } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { DecodeParts } from './decodeSpans.ts';
import type { Origin } from './origin.ts';
import { count, epochNs, list, type Message, message, number, part } from './otlpMessage.ts';
import { decodeAttributes } from './receivedValue.ts';

/** One data point of a metric as it was received. */
export type ReceivedMetricPoint = PointIdentity & PointValue;

interface PointIdentity extends Origin {
  /** Of the metric: `http.server.request.duration`. */
  readonly name: string;
  /** UCUM, as the sender states it. */
  readonly unit: string;
  readonly attributes: Attributes;
  /** CLOCK_MONOTONIC of this host, ns. */
  readonly timeNs: number;
  /** Since when a sum or a distribution is counted. Absent where the sender states none. */
  readonly startNs?: number;
  /** How many exemplars came with it. Absent where there are none. */
  readonly exemplars?: number;
}

/** Whether a point counts since the start of the series or since the point before. */
type Temporality = 'cumulative' | 'delta' | 'unspecified';

type PointValue =
  | { readonly kind: 'gauge'; readonly value: number }
  | { readonly kind: 'sum'; readonly value: number; readonly isMonotonic: boolean; readonly temporality: Temporality }
  | ({
      readonly kind: 'histogram';
      readonly bounds: readonly number[];
      readonly counts: readonly number[];
    } & Distribution)
  | ({
      readonly kind: 'exponentialHistogram';
      readonly scale: number;
      readonly zeroCount: number;
      readonly positive: Buckets;
      readonly negative: Buckets;
    } & Distribution)
  | {
      readonly kind: 'summary';
      readonly count: number;
      readonly sum: number;
      readonly quantiles: readonly { readonly quantile: number; readonly value: number }[];
    };

interface Distribution {
  readonly temporality: Temporality;
  readonly count: number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
}

/** Buckets of an exponential histogram from the index `offset` on. */
interface Buckets {
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface DecodedMetrics {
  readonly points: readonly ReceivedMetricPoint[];
  /** Metrics in the request, with or without points. */
  readonly metrics: number;
  /** Points without a usable time, without a value, or of a kind that is not known here. */
  readonly invalid: number;
}

/**
 * The data points of an ExportMetricsServiceRequest, from protobuf or from OTLP/JSON.
 *
 * @throws TypeError when the request does not have the shape of one
 */
export function decodeMetrics(request: unknown, parts: DecodeParts): DecodedMetrics {
  const points: ReceivedMetricPoint[] = [];
  let [metrics, invalid] = [0, 0];
  for (const [metric, origin] of parts.origins.items(request, 'resourceMetrics', 'scopeMetrics', 'metrics')) {
    metrics++;
    for (const [field, decode] of Object.entries(pointKinds)) {
      const data = part(metric, field);
      for (const raw of list(data, 'dataPoints')) {
        const point = decodePoint(message(raw), metric, origin, parts);
        const value = point && hasValue(message(raw)) ? decode(message(raw), data) : undefined;
        if (point === undefined || value === undefined) invalid++;
        else points.push({ ...point, ...value });
      }
    }
  }
  return { points, metrics, invalid };
}

function decodePoint(raw: Message, metric: Message, origin: Origin, parts: DecodeParts): PointIdentity | undefined {
  const { anchor, texts } = parts;
  const time = epochNs(raw.timeUnixNano);
  const start = epochNs(raw.startTimeUnixNano);
  const exemplars = list(raw, 'exemplars').length;
  if (time === undefined || typeof metric.name !== 'string' || metric.name === '') return undefined;
  return {
    name: texts.same(metric.name),
    unit: typeof metric.unit === 'string' ? texts.same(metric.unit) : '',
    attributes: decodeAttributes(raw, texts).attributes,
    timeNs: toTimeNs(anchor, time),
    ...(start === undefined ? {} : { startNs: toTimeNs(anchor, start) }),
    ...(exemplars === 0 ? {} : { exemplars }),
    resource: origin.resource,
    scope: origin.scope,
  };
}

/** DataPointFlags of the specification: bit 0 marks a point without a recorded value. */
function hasValue({ flags }: Message): boolean {
  return ((count(flags) ?? 0) & 1) === 0;
}

type PointDecoder = (point: Message, data: Message) => PointValue | undefined;

/** By the field of the Metric message that holds the points. */
const pointKinds: Readonly<Record<string, PointDecoder>> = {
  gauge(point) {
    const value = pointValue(point);
    return value === undefined ? undefined : { kind: 'gauge', value };
  },
  sum(point, data) {
    const value = pointValue(point);
    if (value === undefined) return undefined;
    return { kind: 'sum', value, isMonotonic: data.isMonotonic === true, temporality: temporalityOf(data) };
  },
  histogram(point, data) {
    const distribution = distributionOf(point, data);
    const bounds = numbers(point, 'explicitBounds');
    const counts = numbers(point, 'bucketCounts');
    // One bucket more than bounds, or none at all, by specification.
    if (distribution === undefined || (counts.length > 0 && counts.length !== bounds.length + 1)) return undefined;
    return { kind: 'histogram', bounds, counts, ...distribution };
  },
  exponentialHistogram(point, data) {
    const distribution = distributionOf(point, data);
    if (distribution === undefined) return undefined;
    return {
      kind: 'exponentialHistogram',
      scale: number(point.scale) ?? 0,
      zeroCount: count(point.zeroCount) ?? 0,
      positive: bucketsOf(point, 'positive'),
      negative: bucketsOf(point, 'negative'),
      ...distribution,
    };
  },
  summary(point) {
    const quantiles = list(point, 'quantileValues').map((raw) => {
      const { quantile, value } = message(raw);
      return { quantile: number(quantile) ?? 0, value: number(value) ?? 0 };
    });
    return { kind: 'summary', count: count(point.count) ?? 0, sum: number(point.sum) ?? 0, quantiles };
  },
};

function pointValue({ asDouble, asInt }: Message): number | undefined {
  return number(asDouble ?? undefined) ?? number(asInt ?? undefined);
}

function distributionOf(point: Message, data: Message): Distribution | undefined {
  const { sum, min, max } = point;
  const given = Object.entries({ sum, min, max }).flatMap(([name, value]) => {
    const figure = number(value);
    return figure === undefined ? [] : [[name, figure]];
  });
  // Protobuf leaves a count of 0 out.
  const counted = count(point.count ?? 0);
  return counted === undefined
    ? undefined
    : { temporality: temporalityOf(data), count: counted, ...Object.fromEntries(given) };
}

function bucketsOf(point: Message, field: string): Buckets {
  const buckets = part(point, field);
  return { offset: number(buckets.offset) ?? 0, counts: numbers(buckets, 'bucketCounts') };
}

function numbers(parent: Message, field: string): readonly number[] {
  return list(parent, field).map((value) => number(value) ?? Number.NaN);
}

/** AggregationTemporality of the specification: 1 delta, 2 cumulative. */
function temporalityOf({ aggregationTemporality }: Message): Temporality {
  if (aggregationTemporality === 1) return 'delta';
  return aggregationTemporality === 2 ? 'cumulative' : 'unspecified';
}
