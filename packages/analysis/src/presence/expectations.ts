import type { NumberTest } from './numberTest.ts';
import type { SeriesType } from './observed.ts';

/** The telemetry that a program is expected to show. */
export interface Expectations {
  readonly series: readonly SeriesExpectation[];
  readonly spans: readonly SpanExpectation[];
  readonly logs: readonly LogExpectation[];
}

/** A family of series under its Prometheus name. */
export interface SeriesExpectation {
  readonly name: string;
  readonly type?: SeriesType;
  /** A unit of OpenTelemetry (`s`, `By`) or its word in Prometheus names (`seconds`, `bytes`). */
  readonly unit?: string;
  /** Labels that count: a label set needs all of them, and may have others. `*` stands for any value. */
  readonly labels: Readonly<Record<string, string>>;
  /** How many label sets must have those labels. */
  readonly atLeast: number;
  /** Each of them has this value: of a counter its total, of a histogram or summary its count. */
  readonly value?: NumberTest;
  /** All of them together grew by this during the run. */
  readonly delta?: NumberTest;
}

/** The spans of one name. What it states beside the count holds for each of them. */
export interface SpanExpectation {
  readonly name: string;
  /** `== 0`: no such span may arrive, while others do. */
  readonly count: NumberTest;
  readonly kind?: SpanKindName;
  /** One of these. */
  readonly status?: readonly SpanStatusName[];
  /** The name of the span right above. */
  readonly parent?: string;
  /** It has no span above it. */
  readonly root?: true;
  readonly attributes: Readonly<Record<string, ValueTest>>;
  /** Its `provenance.id` names a span that arrived, or that it has a link to. */
  readonly provenance?: true;
}

/** The log records of one event. What it states beside the count holds for each of them. */
export interface LogExpectation {
  /** The name of the event: `EventName` of OTLP, or the attribute `event.name` or `event`. */
  readonly event: string;
  readonly atLeast: number;
  /** Attributes, and the keys of a body that is a map. */
  readonly fields: Readonly<Record<string, ValueTest>>;
  /** The name of a span: the record is written in it or in a span below it. */
  readonly within?: string;
}

/** What the value of an attribute or a field must be. Without a part, any value will do. */
export interface ValueTest {
  readonly type?: ValueType;
  /** A regular expression (ECMAScript, flag u) that a text must match somewhere. */
  readonly pattern?: string;
  readonly oneOf?: readonly (string | number | boolean)[];
}

/** `int` is a whole number: what arrives does not state whether the program meant 3 or 3.0. */
export const valueTypes = ['string', 'int', 'number', 'boolean', 'string[]', 'int[]', 'number[]', 'boolean[]'] as const;
/** The type of a value of an attribute or a field. */
export type ValueType = (typeof valueTypes)[number];

/** In the order of their numbers in OpenTelemetry's API. */
export const spanKinds = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
/** A kind of span, as `probe.yaml` and reports write it. */
export type SpanKindName = (typeof spanKinds)[number];

/** In the order of their numbers in OTLP. */
export const spanStatuses = ['unset', 'ok', 'error'] as const;
/** The status of a span, as `probe.yaml` and reports write it. */
export type SpanStatusName = (typeof spanStatuses)[number];

/** Every type of series. */
export const seriesTypes: readonly SeriesType[] = [
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'stateset',
  'info',
  'unknown',
];
