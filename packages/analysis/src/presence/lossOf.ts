import { attribute, type MetricDefinition, metric, prometheusLabel, prometheusName } from '@benchlab-otel/core';
import type { Observed, ObservedPoint } from './observed.ts';

/** What a program reports about its own telemetry: how much of a signal it dropped, and why. */
export interface SignalLoss {
  readonly signal: 'spans' | 'log records' | 'data points';
  /** Items, of one reason. */
  readonly dropped: number;
  /** Items of the signal that were acknowledged; undefined where the program does not report it. */
  readonly sent: number | undefined;
  /** The `error.type` of the program: `queue_full`, `already_shutdown`, a status, `timeout`. */
  readonly reason: string;
}

interface SignalNames {
  readonly signal: SignalLoss['signal'];
  /** Counters that have an `error.type` for what was dropped. Each item is in one of them with an error at most. */
  readonly counters: readonly string[];
  /** The one whose points without an `error.type` are items that arrived. */
  readonly exported: string;
}

/** Semantic conventions 1.45, "Semantic conventions for OpenTelemetry SDK metrics". */
const dataPointsExported = {
  name: 'otel.sdk.exporter.metric_data_point.exported',
  unit: '{data_point}',
  instrument: 'counter',
} as const;

const signals: readonly SignalNames[] = [
  named('spans', [metric.otelSdkProcessorSpanProcessed, metric.otelSdkExporterSpanExported]),
  named('log records', [metric.otelSdkProcessorLogProcessed, metric.otelSdkExporterLogExported]),
  named('data points', [dataPointsExported]),
];
const errorType = prometheusLabel(attribute.errorType);
const componentName = prometheusLabel(attribute.otelComponentName);

/**
 * What the program under observation lost by its own account: its metrics `otel.sdk.*`, which came by OTLP or on its page.
 * Empty where it reports no loss, or nothing of itself.
 *
 * @example lossOf(observed) // [{ signal: 'spans', dropped: 850, sent: 150, reason: 'queue_full' }]
 */
export function lossOf({ series }: Pick<Observed, 'series'>): readonly SignalLoss[] {
  const pointsOf = (name: string) => series.filter((each) => each.name === name).flatMap(({ points }) => points);
  return signals.flatMap(({ signal, counters, exported }) => {
    const byReason = new Map<string, number>();
    for (const point of counters.flatMap(pointsOf)) {
      const reason = point.labels[errorType];
      const dropped = countOf(point);
      if (reason !== undefined && dropped > 0) byReason.set(reason, (byReason.get(reason) ?? 0) + dropped);
    }
    const sent = mostSent(pointsOf(exported));
    return Array.from(byReason, ([reason, dropped]) => ({ signal, dropped, sent, reason }));
  });
}

/** Of several exporters, each has all items: the one that most arrived by. */
function mostSent(points: readonly ObservedPoint[]): number | undefined {
  const byExporter = new Map<string, number>();
  for (const point of points) {
    if (point.labels[errorType] !== undefined) continue;
    const exporter = point.labels[componentName] ?? '';
    byExporter.set(exporter, (byExporter.get(exporter) ?? 0) + countOf(point));
  }
  return byExporter.size === 0 ? undefined : Math.max(...byExporter.values());
}

/** While it was observed; all of it where that is not known. */
function countOf({ delta, value }: ObservedPoint): number {
  return delta ?? value;
}

function named(
  signal: SignalLoss['signal'],
  definitions: readonly Pick<MetricDefinition, 'name' | 'unit' | 'instrument'>[],
): SignalNames {
  const counters = definitions.map(prometheusName);
  return { signal, counters, exported: counters.at(-1) ?? '' };
}
