import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { ExportQueue } from './exportQueue.ts';

/** Puts ended spans into `queue`. */
export function queueingSpanProcessor(queue: ExportQueue<ReadableSpan>): SpanProcessor {
  return {
    onStart() {},
    onEnd: (span) => queue.add(span),
    forceFlush: () => queue.forceFlush(),
    shutdown: () => queue.shutdown(),
  };
}

/** Puts log records into `queue`. */
export function queueingLogProcessor(queue: ExportQueue<ReadableLogRecord>): LogRecordProcessor {
  return {
    onEmit: (record) => queue.add(record),
    forceFlush: () => queue.forceFlush(),
    shutdown: () => queue.shutdown(),
  };
}
