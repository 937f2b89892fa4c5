import { type Env, firstSet, wholeNumber } from '../config/environment.ts';
import { LONGEST_MS } from '../config/otlpTarget.ts';

/** How what was recorded leaves the process. */
export interface ExportLimits {
  /** Items that may wait; further ones are dropped and counted. */
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
  /** Milliseconds after which a batch leaves that is not full. */
  readonly scheduledDelayMs: number;
  /** Milliseconds that a batch may take, all attempts together. */
  readonly exportTimeoutMs: number;
  /** Batches on their way at once. */
  readonly maxInFlight: number;
}

// Sized for 20,000 spans a second and a collector 200 ms away: 8 batches of 1,024 are 40,000 spans a second there, and a
// synchronous second of 20,000 spans finds room. A full queue takes some 80 MB at 2.4 kB a span. At 2 kB of OTLP a span
// a batch stays under the 4 MiB that servers of gRPC take. The OTLP exporter refuses a 31st export at once.
const defaults: ExportLimits = {
  maxQueueSize: 32_768,
  maxExportBatchSize: 1024,
  // Both: OpenTelemetry specification, "Batch Span Processor".
  scheduledDelayMs: 5_000,
  exportTimeoutMs: 30_000,
  maxInFlight: 8,
};
/** OpenTelemetry specification, "Batch LogRecord Processor". */
const LOG_DELAY_MS = 1_000;
/** What OTEL_BSP_* may keep: some 2.4 GB. */
const MOST_ITEMS = 1_000_000;

/** From OTEL_BSP_* for spans and OTEL_BLRP_* for log records, each variable with its meaning in the specification. */
export function exportLimits(prefix: 'OTEL_BSP' | 'OTEL_BLRP', env: Env): ExportLimits {
  const read = (name: string, least: number, most: number, otherwise: number): number => {
    const setting = firstSet(env, [`${prefix}_${name}`]);
    return setting === undefined ? otherwise : wholeNumber(setting, least, most);
  };
  const maxQueueSize = read('MAX_QUEUE_SIZE', 1, MOST_ITEMS, defaults.maxQueueSize);
  const delayMs = prefix === 'OTEL_BSP' ? defaults.scheduledDelayMs : LOG_DELAY_MS;
  return {
    maxQueueSize,
    // A batch that could not fill would leave after the delay only.
    maxExportBatchSize: Math.min(
      maxQueueSize,
      read('MAX_EXPORT_BATCH_SIZE', 1, MOST_ITEMS, defaults.maxExportBatchSize),
    ),
    scheduledDelayMs: read('SCHEDULE_DELAY', 0, LONGEST_MS, delayMs),
    exportTimeoutMs: read('EXPORT_TIMEOUT', 1, LONGEST_MS, defaults.exportTimeoutMs),
    maxInFlight: defaults.maxInFlight,
  };
}
