import { type Instrument, prometheusLabel, prometheusName } from '@benchlab-otel/core';
import type { ReceivedMetricPoint } from '../signals/decodeMetrics.ts';
import type { SignalStore } from '../signals/signalStore.ts';
import type { Observed, ObservedPoint, ObservedSeries, SeriesType } from './observed.ts';

/** What a run showed, from the store of what was received. Series come under their Prometheus names. */
export function observedOf(store: Pick<SignalStore, 'spans' | 'metricPoints' | 'logRecords'>): Observed {
  const families = new Map<string, Family>();
  for (const point of store.metricPoints) {
    const { instrument, type } = kindOf(point);
    const name = prometheusName({ name: point.name, unit: point.unit, instrument });
    if (name === '') continue;
    const family = families.get(name) ?? { name, type, unit: point.unit, points: new Map() };
    families.set(name, family);
    const labels = labelsOf(point);
    const key = JSON.stringify(Object.entries(labels).sort());
    family.points.set(key, added(family.points.get(key), labels, point));
  }
  return { series: [...families.values()].map(seriesOf), spans: store.spans, logs: store.logRecords };
}

interface Family {
  readonly name: string;
  readonly type: SeriesType;
  readonly unit: string;
  readonly points: Map<string, ObservedPoint>;
}

function seriesOf({ name, type, unit, points }: Family): ObservedSeries {
  return { name, type, ...(unit === '' ? {} : { unit }), points: [...points.values()] };
}

function kindOf(point: ReceivedMetricPoint): { readonly instrument: Instrument; readonly type: SeriesType } {
  if (point.kind === 'gauge') return { instrument: 'gauge', type: 'gauge' };
  if (point.kind === 'summary') return { instrument: 'histogram', type: 'summary' };
  if (point.kind !== 'sum') return { instrument: 'histogram', type: 'histogram' };
  if (point.isMonotonic) return { instrument: 'counter', type: 'counter' };
  return { instrument: 'updowncounter', type: 'gauge' };
}

function labelsOf({ attributes }: ReceivedMetricPoint): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [prometheusLabel(name), String(value)] as const),
  );
}

/** A point after one more report of it: a total that falls was reset, and counts from 0 again. */
function added(
  before: ObservedPoint | undefined,
  labels: ObservedPoint['labels'],
  point: ReceivedMetricPoint,
): ObservedPoint {
  const reported = 'count' in point ? point.count : point.value;
  const grows = point.kind !== 'gauge' && !(point.kind === 'sum' && !point.isMonotonic);
  const isDelta = 'temporality' in point && point.temporality === 'delta';
  const total = isDelta ? (before?.value ?? 0) + reported : reported;
  const step = before === undefined || isDelta || total < before.value ? reported : total - before.value;
  return {
    labels,
    value: total,
    ...(before === undefined ? {} : { first: before.first ?? before.value }),
    ...(grows ? { delta: (before?.delta ?? 0) + step } : {}),
    ...('sum' in point && point.sum !== undefined ? { sum: point.sum } : {}),
    exemplars: 0,
  };
}
