import { type Clock, metric, type SelfCount, systemClock } from '@benchlab-otel/core';
import { recordMetric } from '@benchlab-otel/sdk';
import { type Batch, BatchQueue } from './batchQueue.ts';
import { type BatchExporter, BatchSender } from './batchSender.ts';
import type { CollectorWatch } from './collectorWatch.ts';
import { ExportCounts } from './exportCounts.ts';
import type { ExportedSignal } from './exportedSignal.ts';
import type { ExportLimits } from './exportLimits.ts';
import { errorTypeOf } from './retry.ts';

export interface ExportQueueOptions extends ExportLimits {
  readonly clock?: Clock;
  /** The names of the queue and of its metrics. */
  readonly signal: ExportedSignal;
  /** Gets the result of each batch, and each failed attempt before it. */
  readonly watch: Pick<CollectorWatch, 'succeeded' | 'failed' | 'dropped'>;
  readonly random?: () => number;
}

/**
 * Exports spans or log records in batches, several at the same time, so that a slow collector does not fill the queue: the
 * batch processors of the SDK wait until one batch is acknowledged before they send the next. Nothing is serialised inside
 * the application's call; between two batches the event loop turns. Every item is counted exactly once as acknowledged,
 * failed or dropped.
 */
export class ExportQueue<Item> {
  readonly #options: ExportQueueOptions;
  readonly #exporter: BatchExporter<Item>;
  readonly #clock: Clock;
  readonly #queue: BatchQueue<Item>;
  readonly #sender: BatchSender<Item>;
  readonly #counts: ExportCounts;
  /** Numbers of the batches that are being sent. */
  readonly #inFlight = new Set<number>();
  readonly #flushes = new Set<{ readonly upTo: number; readonly done: () => void }>();
  #cancelDelay: (() => void) | undefined;
  #isScheduled = false;
  /** The delay is over: a batch may be sent that is not full. */
  #isDue = false;
  #shutdown: Promise<void> | undefined;

  constructor(exporter: BatchExporter<Item>, options: ExportQueueOptions) {
    const { clock = systemClock, exportTimeoutMs, maxQueueSize, maxExportBatchSize, random } = options;
    this.#options = options;
    this.#exporter = exporter;
    this.#clock = clock;
    this.#counts = new ExportCounts(options.signal);
    this.#queue = new BatchQueue(maxQueueSize, maxExportBatchSize);
    this.#sender = new BatchSender({
      exporter,
      clock,
      timeoutMs: exportTimeoutMs,
      retrying: (error) => options.watch.failed(error, 0),
      ...(random && { random }),
    });
  }

  /** Items that the collector has acknowledged. */
  get acknowledged(): number {
    return this.#counts.acknowledged;
  }

  /** The metrics `otel.sdk.*` of the semantic conventions. */
  counts(): readonly SelfCount[] {
    return this.#counts.all({ size: this.#queue.size, capacity: this.#options.maxQueueSize });
  }

  add(item: Item): void {
    if (this.#shutdown !== undefined) this.#counts.afterShutdown += 1;
    else if (!this.#queue.add(item)) this.#drop();
    else if (this.#queue.hasFullBatch) this.#schedule();
    else this.#delay();
  }

  /** Resolves when everything that was added before has been acknowledged or has failed. */
  forceFlush(): Promise<void> {
    const upTo = this.#queue.newest;
    return new Promise((resolve) => {
      const flush = { upTo, done: resolve };
      this.#flushes.add(flush);
      this.#settleFlushes();
      if (this.#flushes.has(flush)) this.#schedule();
    });
  }

  /** Sends what is left, each batch with one attempt. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#end();
    return this.#shutdown;
  }

  async #end(): Promise<void> {
    this.#sender.hurry();
    await this.forceFlush();
    this.#cancelDelay?.();
    await this.#exporter.shutdown();
  }

  #drop(): void {
    this.#counts.queueFull += 1;
    this.#options.watch.dropped(this.#options.maxQueueSize);
  }

  #delay(): void {
    if (this.#cancelDelay !== undefined) return;
    const dueNs = this.#clock.nowNs() + this.#options.scheduledDelayMs * 1e6;
    const due = (): void => {
      this.#cancelDelay = undefined;
      this.#isDue = true;
      this.#schedule();
    };
    this.#cancelDelay = this.#clock.at(dueNs, due, { background: true });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#inFlight.size >= this.#options.maxInFlight) return;
    this.#isScheduled = true;
    setImmediate(() => this.#next());
  }

  /** One batch a turn of the event loop. */
  #next(): void {
    this.#isScheduled = false;
    const batch = this.#queue.take(this.#isDue || this.#flushes.size > 0);
    if (batch !== undefined) void this.#send(batch);
    if (!this.#queue.hasFullBatch) this.#isDue = false;
    if (this.#queue.hasFullBatch || (this.#flushes.size > 0 && this.#queue.size > 0)) this.#schedule();
    else if (this.#queue.size > 0) this.#delay();
  }

  async #send({ number, items }: Batch<Item>): Promise<void> {
    this.#inFlight.add(number);
    this.#counts.submitted += items.length;
    this.#counts.inFlight += items.length;
    const startNs = this.#clock.nowNs();
    const outcomes = await this.#sender.send(items);
    this.#counts.inFlight -= items.length;
    this.#inFlight.delete(number);
    for (const { items: sent, error } of outcomes) this.#count(sent, error);
    const failure = outcomes.find(({ error }) => error !== undefined);
    recordMetric(metric.otelSdkExporterOperationDuration, (this.#clock.nowNs() - startNs) / 1e9, {
      ...this.#counts.exporterAttributes(failure && errorTypeOf(failure.error)),
    });
    this.#settleFlushes();
    if (this.#queue.hasFullBatch || this.#isDue || this.#flushes.size > 0) this.#schedule();
  }

  #count(items: number, error: unknown): void {
    if (error === undefined) {
      this.#counts.acknowledged += items;
      this.#options.watch.succeeded();
    } else {
      this.#counts.failed(error, items);
      this.#options.watch.failed(error, items);
    }
  }

  #settleFlushes(): void {
    const waiting = this.#queue.size > 0 ? this.#queue.oldest : Number.POSITIVE_INFINITY;
    const oldest = Math.min(waiting, ...this.#inFlight);
    for (const flush of this.#flushes) {
      if (oldest <= flush.upTo) continue;
      this.#flushes.delete(flush);
      flush.done();
    }
  }
}
