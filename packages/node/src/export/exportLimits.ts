/** How what was recorded leaves the process. */
export interface ExportLimits {
  /** Items that may wait; further ones are dropped and counted. */
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
  /** Milliseconds after which a batch leaves that is not full. */
  readonly scheduledDelayMs: number;
  /** Milliseconds that a batch may take, all attempts together. */
  readonly exportTimeoutMs: number;
  /** Batches that are sent at the same time. */
  readonly maxInFlight: number;
}
