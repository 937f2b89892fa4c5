import {
  type Clock,
  createReport,
  type Enricher,
  knownOptions,
  OptionError,
  type OptionNames,
  systemClock,
} from '@benchlab-otel/core';
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { exportConfig } from '../config/exportConfig.ts';
import { EnrichingSpanProcessor } from '../enrich/enrichingSpanProcessor.ts';
import { exportedSpans } from '../export/exportedSignal.ts';
import { ExportQueue } from '../export/exportQueue.ts';
import { queueingSpanProcessor } from '../export/queueingProcessors.ts';

export interface SpanProcessorOptions {
  /** They add attributes to ended spans: `spanEnergy(history)` adds joules. */
  readonly enrichers?: readonly Enricher[];
  /** Where spans go, in batches of several at the same time. `OTEL_BSP_*` sets the limits. */
  readonly exporter?: SpanExporter;
  /** Where spans go instead of `exporter`: the processor that the application has. */
  readonly processor?: SpanProcessor;
  readonly clock?: Clock;
}

const optionNames: OptionNames<SpanProcessorOptions> = {
  enrichers: true,
  exporter: true,
  processor: true,
  clock: true,
};

/**
 * The span processor of `startTelemetry` for an application that has its own SDK: it runs enrichers over ended spans and
 * passes these on.
 *
 * @throws OptionError unless there is either an exporter or a processor
 * @example new NodeSDK({ spanProcessors: [spanProcessor({ enrichers: [spanEnergy(history)], exporter: new OTLPTraceExporter() })] })
 */
export function spanProcessor(options: SpanProcessorOptions): SpanProcessor {
  knownOptions<SpanProcessorOptions>('spanProcessor', options, optionNames);
  const { enrichers = [], exporter, processor, clock = systemClock } = options ?? {}; // a caller without types may give nothing
  if ((exporter === undefined) === (processor === undefined)) {
    throw new OptionError({
      option: 'exporter',
      value: exporter,
      allowed: 'there, or processor instead, and not both',
    });
  }
  checkMethod('exporter', exporter, 'export');
  checkMethod('processor', processor, 'onEnd');
  return new EnrichingSpanProcessor(processor ?? exporting(exporter as SpanExporter, clock), { enrichers, clock });
}

/** A wrong one would fail at the first span only. */
function checkMethod(option: string, value: unknown, method: string): void {
  if (value === undefined || typeof Object(value)[method] === 'function') return;
  throw new OptionError({ option, value, allowed: `an object with the method ${method}()` });
}

function exporting(exporter: SpanExporter, clock: Clock): SpanProcessor {
  const report = createReport('export of spans');
  const watch = {
    succeeded: () => {},
    failed: (error: unknown, lost: number) => report(`an attempt failed, and ${lost} spans are lost.`, error),
    dropped: (capacity: number) =>
      report(
        `spans are dropped, because ${capacity} wait already. Sample fewer traces, or raise OTEL_BSP_MAX_QUEUE_SIZE.`,
      ),
  };
  const limits = exportConfig('OTEL_BSP', process.env);
  return queueingSpanProcessor(
    new ExportQueue<ReadableSpan>(exporter, { ...limits, clock, signal: exportedSpans, watch }),
  );
}
