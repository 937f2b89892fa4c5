import type { MetricDefinition } from '@benchlab-otel/core';
import type { ReceivedMetricPoint } from '../../signals/decodeMetrics.ts';
import type { SeriesType } from '../observed.ts';
import type { Counting, StreamReading } from './stream.ts';

/** What a data point of OTLP is as a series. */
export interface PointReading {
  readonly type: SeriesType;
  readonly instrument: MetricDefinition['instrument'];
  readonly counting: Counting;
  readonly isAdditive: boolean;
  readonly reading: StreamReading;
}

/**
 * Undefined for a point that no page could show: a total without a temporality, and a count that is negative or not a
 * number. Types by OpenTelemetry specification, "Prometheus and OpenMetrics compatibility".
 */
export function pointReading(point: ReceivedMetricPoint): PointReading | undefined {
  const { timeNs, startNs, exemplars = 0 } = point;
  const times = { exemplars, timeNs, ...(startNs === undefined ? {} : { startNs }) };
  if (point.kind === 'gauge') {
    const reading = { value: point.value, ...times };
    return { type: 'gauge', instrument: 'gauge', counting: 'latest', isAdditive: false, reading };
  }
  if (point.kind === 'sum' && !point.isMonotonic) {
    const counting = { cumulative: 'latest', delta: 'added', unspecified: undefined }[point.temporality] as
      | Counting
      | undefined; // the values of a literal
    const reading = { value: point.value, ...times };
    return counting && { type: 'gauge', instrument: 'updowncounter', counting, isAdditive: true, reading };
  }
  const value = point.kind === 'sum' ? point.value : point.count;
  const temporality = point.kind === 'summary' ? 'cumulative' : point.temporality;
  if (temporality === 'unspecified' || !(value >= 0)) return undefined;
  const sum = point.kind === 'sum' ? undefined : point.sum;
  const type = {
    sum: 'counter',
    histogram: 'histogram',
    exponentialHistogram: 'histogram',
    summary: 'summary',
  } as const;
  return {
    type: type[point.kind],
    instrument: point.kind === 'sum' ? 'counter' : 'histogram',
    counting: temporality === 'delta' ? 'added' : 'total',
    isAdditive: true,
    reading: { value, ...(sum === undefined ? {} : { sum }), ...times },
  };
}
