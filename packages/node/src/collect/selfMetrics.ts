import { type MetricFamily, type MetricPoint, type SelfCount, systemClock } from '@benchlab-otel/core';
import { type Attributes, diag } from '@opentelemetry/api';

interface Counting {
  counts?(): readonly SelfCount[];
}

/**
 * What the parts of the telemetry count of themselves, as metrics: read when metrics are collected, so that counting
 * costs an addition where it happens. Parts that count the same are added up.
 */
export class SelfMetrics {
  readonly #parts: Counting[] = [];
  readonly #failed = new Set<Counting>();
  readonly #noAttributes: Attributes = {};
  readonly #startTimeNs: number;

  constructor(startTimeNs: number = systemClock.nowNs()) {
    this.#startTimeNs = startTimeNs;
  }

  add(...parts: readonly Counting[]): void {
    this.#parts.push(...parts.filter(({ counts }) => counts !== undefined));
  }

  collect(): readonly MetricFamily[] {
    const families = new Map<SelfCount['definition'], Map<Attributes, number>>();
    for (const { definition, value, attributes = this.#noAttributes } of this.#parts.flatMap((part) =>
      this.#read(part),
    )) {
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

  /** Enrichers and consumers come from outside: one that throws has no counts, and the others theirs. */
  #read(part: Counting): readonly SelfCount[] {
    try {
      return part.counts?.() ?? [];
    } catch (error) {
      if (!this.#failed.has(part)) diag.error('A part of the telemetry could not say what it counts.', error);
      this.#failed.add(part);
      return [];
    }
  }
}
