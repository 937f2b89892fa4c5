import { type Enricher, prometheusName } from '@benchlab-otel/core';
import type { Telemetry } from '@benchlab-otel/node';
import { logEvents, metric, spans } from '@benchlab-otel/presets';

/** What a run has emitted of the vocabulary of pipelines, by name. */
export interface EmittedSignals {
  readonly spans: ReadonlyMap<string, number>;
  readonly logEvents: ReadonlyMap<string, number>;
  /** Series of each metric under its Prometheus name. */
  readonly series: ReadonlyMap<string, number>;
}

const spanNames = new Set(Object.values(spans).map(({ name }) => name));
const eventNames = new Set(Object.values(logEvents).map(({ name }) => name));
const metrics = new Map(Object.values(metric).map((definition) => [definition.name, definition]));

/** Counts spans and log events as they pass: an enricher that adds nothing. */
export class EmittedCounts {
  readonly #spans = new Map<string, number>();
  readonly #logEvents = new Map<string, number>();

  readonly enricher: Enricher = {
    name: 'cycle-report',
    signals: ['log'],
    spanEnded: ({ name }) => {
      if (spanNames.has(name)) add(this.#spans, name);
      return undefined;
    },
    fields: ({ name }) => {
      if (eventNames.has(name)) add(this.#logEvents, name);
      return {};
    },
  };

  async signals({ collectMetrics }: Pick<Telemetry, 'collectMetrics'>): Promise<EmittedSignals> {
    const series = new Map<string, number>();
    const { resourceMetrics } = await collectMetrics();
    for (const { metrics: families } of resourceMetrics.scopeMetrics) {
      for (const { descriptor, dataPoints } of families) {
        const definition = metrics.get(descriptor.name);
        if (definition !== undefined && dataPoints.length > 0)
          series.set(prometheusName(definition), dataPoints.length);
      }
    }
    return { spans: this.#spans, logEvents: this.#logEvents, series };
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
