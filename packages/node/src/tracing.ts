import type { Clock } from '@benchlab-otel/sdk';
import type { Resource } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  NoopSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';
import type { CollectorWatch } from './collectorWatch.ts';
import type { TelemetryConfig } from './config.ts';
import type { EnricherChain } from './enricherChain.ts';
import { EnrichingSpanProcessor } from './enrichingSpanProcessor.ts';
import { SlicedIds } from './slicedIds.ts';
import { WatchedSpanExporter } from './watchedExporters.ts';

export interface TracingOptions {
  readonly resource: Resource;
  readonly enrichers: EnricherChain;
  readonly clock: Clock;
  readonly spanBuffer: TelemetryConfig['spanBuffer'];
  /** Absent where spans are not exported: they are made all the same, for enrichers, logs and propagation. */
  readonly exporter?: { readonly exporter: SpanExporter; readonly watch: CollectorWatch };
}

/** The spans of a process. */
export interface Tracing {
  readonly provider: NodeTracerProvider;
  readonly processor: EnrichingSpanProcessor;
  /** Spans that were handed on and not acknowledged: on their way, dropped from a full buffer, or refused. */
  unacknowledged(): number;
}

/** Spans run through the enrichers into a buffer, and from there in batches to the exporter. */
export function tracing({ resource, enrichers, clock, spanBuffer, exporter }: TracingOptions): Tracing {
  const watched = exporter && new WatchedSpanExporter(exporter.exporter, exporter.watch);
  const inner = watched ? new BatchSpanProcessor(watched, { ...spanBuffer }) : new NoopSpanProcessor();
  const processor = new EnrichingSpanProcessor(inner, { enrichers, clock });
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor], idGenerator: new SlicedIds() });
  return { provider, processor, unacknowledged: () => (watched ? processor.passed - watched.acknowledged : 0) };
}
