import type { ReceivedLogRecord } from '../signals/decodeLogs.ts';
import type { ReceivedSpan } from '../signals/decodeSpans.ts';

/** The types of a series as a page of OpenMetrics names them. */
export type SeriesType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'stateset'
  | 'info'
  | 'unknown';

/** One series of a family: a set of labels with its values. */
export interface ObservedPoint {
  /** Label names as on a page: letters, digits and `_`. */
  readonly labels: Readonly<Record<string, string>>;
  /** The newest value: of a counter its total, of a histogram or summary its count. */
  readonly value: number;
  /** The first value that was seen. Absent where the point was seen once. */
  readonly first?: number;
  /** How much a counter grew, resets included; of a histogram its count. Undefined for a gauge. */
  readonly delta?: number;
  /** The sum of a histogram or summary. */
  readonly sum?: number;
  /** Exemplars that came with it. */
  readonly exemplars: number;
}

/** A family of series under its Prometheus name, the same for OTLP and for a page: a counter has `_total`. */
export interface ObservedSeries {
  readonly name: string;
  readonly type: SeriesType;
  readonly unit?: string;
  readonly points: readonly ObservedPoint[];
}

/** All that a run showed of itself, however it came. */
export interface Observed {
  readonly series: readonly ObservedSeries[];
  readonly spans: readonly ReceivedSpan[];
  readonly logs: readonly ReceivedLogRecord[];
}
