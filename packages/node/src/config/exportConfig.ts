import type { ExportLimits } from '../export/exportLimits.ts';
import { type Env, firstSet, wholeNumber } from './environment.ts';
import { longestTimerMs } from './timerRange.ts';

// Sized for 20,000 spans a second and a collector 200 ms away: 8 batches of 1,024 are 40,000 spans a second there, and
// the queue has room for one second of 20,000 spans without a turn of the event loop. A full queue takes about 80 MB at
// 2.4 kB a span. At 2 kB of OTLP a span, a batch stays under the 4 MiB that gRPC servers accept. The OTLP exporter
// refuses the 31st export at the same time.
const defaults: ExportLimits = {
  maxQueueSize: 32_768,
  maxExportBatchSize: 1024,
  // Both: OpenTelemetry specification, "Batch Span Processor".
  scheduledDelayMs: 5_000,
  exportTimeoutMs: 30_000,
  maxInFlight: 8,
};
/** OpenTelemetry specification, "Batch LogRecord Processor". */
const logDelayMs = 1_000;
/** The largest queue that a variable may set: about 2.4 GB of spans. */
const mostItems = 1_000_000;

/** From OTEL_BSP_* for spans and OTEL_BLRP_* for log records, each variable with its meaning in the specification. */
export function exportConfig(prefix: 'OTEL_BSP' | 'OTEL_BLRP', env: Env): ExportLimits {
  const read = (name: string, least: number, most: number, otherwise: number): number => {
    const setting = firstSet(env, [`${prefix}_${name}`]);
    return setting === undefined ? otherwise : wholeNumber(setting, least, most);
  };
  const maxQueueSize = read('MAX_QUEUE_SIZE', 1, mostItems, defaults.maxQueueSize);
  const delayMs = prefix === 'OTEL_BSP' ? defaults.scheduledDelayMs : logDelayMs;
  return {
    maxQueueSize,
    // A batch larger than the queue would never fill, and would leave only after the delay.
    maxExportBatchSize: Math.min(
      maxQueueSize,
      read('MAX_EXPORT_BATCH_SIZE', 1, mostItems, defaults.maxExportBatchSize),
    ),
    scheduledDelayMs: read('SCHEDULE_DELAY', 0, longestTimerMs, delayMs),
    exportTimeoutMs: read('EXPORT_TIMEOUT', 1, longestTimerMs, defaults.exportTimeoutMs),
    maxInFlight: defaults.maxInFlight,
  };
}
