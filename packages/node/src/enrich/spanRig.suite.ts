import type { EndedSpan, Enricher } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { type Attributes, diag, type Tracer } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach } from 'vitest';
import { EnrichingSpanProcessor, type EnrichingSpanProcessorOptions } from './enrichingSpanProcessor.ts';

export type Ended = NonNullable<Enricher['spanEnded']>;

/** Spans of a tracer that go through enrichers to an exporter in memory, on a manual clock. */
export interface SpanRig {
  readonly clock: ManualClock;
  readonly exporter: InMemorySpanExporter;
  /** That of the last `enrich`. */
  readonly processor: EnrichingSpanProcessor;
  readonly tracer: Tracer;
  /** What was logged as a warning or an error. */
  readonly reports: readonly string[];
  enrich(enrichers: Enricher[], options?: Partial<EnrichingSpanProcessorOptions>, sampler?: Sampler): void;
  exported(): readonly ReadableSpan[];
  attributesOfFirst(): Attributes | undefined;
  /** Lets all promises settle that can settle now. */
  turn(): Promise<void>;
}

/** To be called once in a file of tests. */
export function spanRig(): SpanRig {
  let [clock, exporter] = [new ManualClock(), new InMemorySpanExporter()];
  let processor: EnrichingSpanProcessor;
  let tracer: Tracer;
  let reports: string[];

  beforeEach(() => {
    clock = new ManualClock();
    exporter = new InMemorySpanExporter();
    reports = [];
    const report = (...words: unknown[]) => reports.push(words.map(String).join(' '));
    const quiet = () => {};
    diag.setLogger({ error: report, warn: report, info: quiet, debug: quiet, verbose: quiet });
  });

  afterEach(async () => {
    await processor.shutdown();
    diag.disable();
  });

  return {
    get clock() {
      return clock;
    },
    get exporter() {
      return exporter;
    },
    get processor() {
      return processor;
    },
    get tracer() {
      return tracer;
    },
    get reports() {
      return reports;
    },
    enrich(enrichers, options = {}, sampler) {
      processor = new EnrichingSpanProcessor(new SimpleSpanProcessor({ exporter }), { enrichers, clock, ...options });
      const provider = new TracerProvider({ spanProcessors: [processor], ...(sampler && { sampler }) });
      tracer = provider.getTracer('test');
    },
    exported: () => exporter.getFinishedSpans(),
    attributesOfFirst: () => exporter.getFinishedSpans()[0]?.attributes,
    turn: () => clock.advanceMs(0),
  };
}

/** An enricher with this hook at the end. */
export const atEnd = (spanEnded: Ended, name = 'test'): Enricher => ({ name, spanEnded });

/** An enricher that keeps the ended spans that it gets. */
export const keeping = (ends: EndedSpan[]): Enricher =>
  atEnd((span) => {
    ends.push(span);
    return undefined;
  });

/** A promise, and the function that settles it. */
export function deferred() {
  let resolve: (value: Attributes | undefined) => void = () => {};
  const promise = new Promise<Attributes | undefined>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
