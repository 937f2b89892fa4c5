import { type Env, firstSet, wholeNumber } from '../environment.ts';
import { LONGEST_MS } from '../otlpTarget.ts';

/** How ended spans leave the process. */
export interface SpanExport {
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
  readonly scheduledDelayMs: number;
  readonly exportTimeoutMs: number;
  readonly maxInFlight: number;
}

// Sized for 20,000 spans a second and a collector 200 ms away: 8 batches of 1,024 are 40,000 spans a second there, and a
// synchronous second of 20,000 spans finds room. A full queue takes some 80 MB at 2.4 kB a span. At 2 kB of OTLP a span
// a batch stays under the 4 MiB that servers of gRPC take. The OTLP exporter refuses a 31st export at once.
const defaults: SpanExport = {
  maxQueueSize: 32_768,
  maxExportBatchSize: 1024,
  // Both: OpenTelemetry specification, "Batch Span Processor".
  scheduledDelayMs: 5_000,
  exportTimeoutMs: 30_000,
  maxInFlight: 8,
};
/** Spans that OTEL_BSP_* may keep: some 2.4 GB. */
const MOST_SPANS = 1_000_000;

/** From OTEL_BSP_*, each variable with its meaning in the specification. */
export function spanExport(env: Env): SpanExport {
  const read = (name: string, least: number, most: number, otherwise: number): number => {
    const setting = firstSet(env, [name]);
    return setting === undefined ? otherwise : wholeNumber(setting, least, most);
  };
  const maxQueueSize = read('OTEL_BSP_MAX_QUEUE_SIZE', 1, MOST_SPANS, defaults.maxQueueSize);
  return {
    maxQueueSize,
    // A batch that could not fill would leave after the delay only.
    maxExportBatchSize: Math.min(
      maxQueueSize,
      read('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 1, MOST_SPANS, defaults.maxExportBatchSize),
    ),
    scheduledDelayMs: read('OTEL_BSP_SCHEDULE_DELAY', 0, LONGEST_MS, defaults.scheduledDelayMs),
    exportTimeoutMs: read('OTEL_BSP_EXPORT_TIMEOUT', 1, LONGEST_MS, defaults.exportTimeoutMs),
    maxInFlight: defaults.maxInFlight,
  };
}
