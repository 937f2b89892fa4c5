import {
  createReportOnce,
  isThenable,
  type MetricFamily,
  type MetricPoint,
  type ReportOnce,
  type SelfCount,
  systemClock,
} from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';

interface Counting {
  counts?(): readonly SelfCount[];
}

/**
 * The counts that the parts of the telemetry keep of themselves, as metrics. They are read when metrics are collected, so
 * that counting costs one addition. Counts of the same series are added up.
 */
export class SelfMetrics {
  readonly #parts: { readonly part: Counting; readonly report: ReportOnce }[] = [];
  readonly #noAttributes: Attributes = {};
  readonly #startTimeNs: number;

  constructor(startTimeNs: number = systemClock.nowNs()) {
    this.#startTimeNs = startTimeNs;
  }

  add(...parts: readonly Counting[]): void {
    for (const part of parts) {
      if (part.counts !== undefined) this.#parts.push({ part, report: createReportOnce('counts of the telemetry') });
    }
  }

  collect(): readonly MetricFamily[] {
    const families = new Map<SelfCount['definition'], Map<Attributes, number>>();
    for (const { definition, value, attributes = this.#noAttributes } of this.#parts.flatMap(countsOf)) {
      const series = families.get(definition) ?? new Map<Attributes, number>();
      series.set(attributes, (series.get(attributes) ?? 0) + value);
      families.set(definition, series);
    }
    return [...families].map(([definition, series]) => ({
      definition,
      points: [...series].map(([attributes, value]) => this.#point(definition, attributes, value)),
    }));
  }

  #point({ instrument }: SelfCount['definition'], attributes: Attributes, value: number): MetricPoint {
    return instrument === 'counter' ? { attributes, value, startTimeNs: this.#startTimeNs } : { attributes, value };
  }
}

/**
 * Enrichers and consumers come from outside: one that throws, or returns a promise, has no counts, and the other counts are
 * still read.
 */
function countsOf({ part, report }: { readonly part: Counting; readonly report: ReportOnce }): readonly SelfCount[] {
  try {
    const counts: unknown = part.counts?.() ?? [];
    if (Array.isArray(counts)) return counts;
    // A rejection without a handler would end the process.
    if (isThenable(counts)) Promise.resolve(counts).catch(() => {});
    throw new TypeError('counts() did not return a list');
  } catch (error) {
    report('a part could not be read.', error);
    return [];
  }
}
