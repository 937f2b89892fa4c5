import type { Clock } from '@benchlab-otel/core';
import type { Resource } from '@opentelemetry/resources';
import {
  ConsoleSpanExporter,
  NoopSpanProcessor,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanLimits,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { SamplerConfig } from '../config/samplerConfig.ts';
import type { EnricherChain } from '../enrich/enricherChain.ts';
import { EnrichingSpanProcessor } from '../enrich/enrichingSpanProcessor.ts';
import type { CollectorWatch } from '../export/collectorWatch.ts';
import { exportedSpans } from '../export/exportedSignal.ts';
import type { ExportLimits } from '../export/exportLimits.ts';
import { ExportQueue } from '../export/exportQueue.ts';
import { queueingSpanProcessor } from '../export/queueingProcessors.ts';
import type { Redaction } from '../redact/redaction.ts';
import { samplerOf } from './samplerOf.ts';
import { SlicedIds } from './slicedIds.ts';

export interface TracingOptions {
  readonly resource: Resource;
  readonly enrichers: EnricherChain;
  readonly clock: Clock;
  readonly sampler: SamplerConfig;
  readonly spanLimits: SpanLimits;
  readonly spanExport: ExportLimits;
  /** Absent where spans are not exported. They are still made: for enrichers, logs and propagation. */
  readonly exporter?: { readonly exporter: SpanExporter; readonly watch: CollectorWatch };
  /** Spans are written to standard output too. */
  readonly toConsole?: boolean;
  /** For the console. */
  readonly redaction: Pick<Redaction, 'spans'> | undefined;
}

/** The spans of a process. */
export interface Tracing {
  readonly provider: TracerProvider;
  readonly processor: EnrichingSpanProcessor;
  /** Absent where spans are not exported. */
  readonly export: ExportQueue<ReadableSpan> | undefined;
  /** Spans that were passed to the export and not acknowledged: on their way, dropped by a full queue, or refused. */
  unacknowledged(): number;
  /** Ended spans that no collector has acknowledged, also those that still wait for their enrichers. */
  unsent(): number;
}

/** Spans pass the enrichers, then a queue, and from there they go in batches to the exporter. */
export function tracing({
  resource,
  enrichers,
  clock,
  spanExport,
  exporter,
  toConsole,
  redaction,
  ...how
}: TracingOptions): Tracing {
  const queue =
    exporter &&
    new ExportQueue<ReadableSpan>(exporter.exporter, {
      ...spanExport,
      clock,
      signal: exportedSpans,
      watch: exporter.watch,
    });
  const exported = queue ? queueingSpanProcessor(queue) : new NoopSpanProcessor();
  const toPrint = new ConsoleSpanExporter();
  const printed = redaction?.spans(toPrint) ?? toPrint;
  const inner = toConsole ? both(exported, new SimpleSpanProcessor({ exporter: printed })) : exported;
  const processor = new EnrichingSpanProcessor(inner, { enrichers, clock });
  const provider = new TracerProvider({
    resource,
    spanProcessors: [processor],
    idGenerator: new SlicedIds(),
    sampler: samplerOf(how.sampler),
    spanLimits: how.spanLimits,
  });
  return {
    provider,
    processor,
    export: queue,
    unacknowledged: () => (queue ? processor.passed - queue.acknowledged : 0),
    unsent: () => (queue ? processor.passed + processor.held - queue.acknowledged : 0),
  };
}

/** Enriched spans to two places. */
function both(first: SpanProcessor, second: SpanProcessor): SpanProcessor {
  return {
    onStart(span, parent) {
      first.onStart(span, parent);
      second.onStart(span, parent);
    },
    onEnd(span) {
      first.onEnd(span);
      second.onEnd(span);
    },
    forceFlush: async () => void (await Promise.all([first.forceFlush(), second.forceFlush()])),
    shutdown: async () => void (await Promise.all([first.shutdown(), second.shutdown()])),
  };
}
