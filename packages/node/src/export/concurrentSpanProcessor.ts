import { type Clock, metric, recordMetric, type SelfCount, systemClock } from '@benchlab-otel/sdk';
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { CollectorWatch } from '../collectorWatch.ts';
import { BatchSender } from './batchSender.ts';
import { ExportCounts, exporterType } from './exportCounts.ts';
import { errorTypeOf } from './retry.ts';
import { type SpanBatch, SpanQueue } from './spanQueue.ts';

export interface ConcurrentSpanProcessorOptions {
  readonly clock?: Clock;
  /** Spans that may wait; further ones are dropped and counted. */
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
  /** Milliseconds after which a batch leaves that is not full. */
  readonly scheduledDelayMs: number;
  /** Milliseconds that a batch may take, all attempts together. */
  readonly exportTimeoutMs: number;
  /** Batches on their way at once. */
  readonly maxInFlight: number;
  /** Hears of exports: of each batch in the end, and of each attempt before that failed. */
  readonly watch: Pick<CollectorWatch, 'succeeded' | 'failed' | 'dropped'>;
  readonly random?: () => number;
}

/**
 * Exports ended spans in batches, several at a time, so that a slow collector does not fill the queue: the batch
 * processor of the SDK waits for one batch to be acknowledged before it sends the next. Nothing is serialised inside the
 * application's call; between two batches the event loop turns. Every span is counted exactly once as acknowledged,
 * failed or dropped.
 */
export class ConcurrentSpanProcessor implements SpanProcessor {
  readonly #options: ConcurrentSpanProcessorOptions;
  readonly #exporter: SpanExporter;
  readonly #clock: Clock;
  readonly #queue: SpanQueue;
  readonly #sender: BatchSender;
  readonly #counts = new ExportCounts();
  /** Numbers of the batches on their way. */
  readonly #inFlight = new Set<number>();
  readonly #flushes = new Set<{ readonly upTo: number; readonly done: () => void }>();
  #cancelDelay: (() => void) | undefined;
  #isScheduled = false;
  /** The delay is over: a batch may leave that is not full. */
  #isDue = false;
  #shutdown: Promise<void> | undefined;

  constructor(exporter: SpanExporter, options: ConcurrentSpanProcessorOptions) {
    const { clock = systemClock, exportTimeoutMs, maxQueueSize, maxExportBatchSize, random } = options;
    this.#options = options;
    this.#exporter = exporter;
    this.#clock = clock;
    this.#queue = new SpanQueue(maxQueueSize, maxExportBatchSize);
    this.#sender = new BatchSender({
      exporter,
      clock,
      timeoutMs: exportTimeoutMs,
      retrying: (error) => options.watch.failed(error, 0),
      ...(random && { random }),
    });
  }

  /** Spans that the collector has. */
  get acknowledged(): number {
    return this.#counts.acknowledged;
  }

  /** By the semantic conventions, `otel.sdk.*`. */
  counts(): readonly SelfCount[] {
    return this.#counts.all({ size: this.#queue.size, capacity: this.#options.maxQueueSize });
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#shutdown !== undefined) this.#counts.afterShutdown += 1;
    else if (!this.#queue.add(span)) this.#drop();
    else if (this.#queue.hasFullBatch) this.#schedule();
    else this.#delay();
  }

  /** Resolves when every span that ended before has been acknowledged or given up. */
  forceFlush(): Promise<void> {
    const upTo = this.#queue.newest;
    return new Promise((resolve) => {
      const flush = { upTo, done: resolve };
      this.#flushes.add(flush);
      this.#settleFlushes();
      if (this.#flushes.has(flush)) this.#schedule();
    });
  }

  /** Sends what is left, without a further attempt where one fails. */
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

  async #send({ number, spans }: SpanBatch): Promise<void> {
    this.#inFlight.add(number);
    this.#counts.submitted += spans.length;
    this.#counts.inFlight += spans.length;
    const startNs = this.#clock.nowNs();
    const outcomes = await this.#sender.send(spans);
    this.#counts.inFlight -= spans.length;
    this.#inFlight.delete(number);
    for (const { spans: sent, error } of outcomes) this.#count(sent, error);
    const failure = outcomes.find(({ error }) => error !== undefined);
    recordMetric(metric.otelSdkExporterOperationDuration, (this.#clock.nowNs() - startNs) / 1e9, {
      'otel.component.type': exporterType,
      'otel.component.name': `${exporterType}/0`,
      ...(failure && { 'error.type': errorTypeOf(failure.error) }),
    });
    this.#settleFlushes();
    if (this.#queue.hasFullBatch || this.#isDue || this.#flushes.size > 0) this.#schedule();
  }

  #count(spans: number, error: unknown): void {
    if (error === undefined) {
      this.#counts.acknowledged += spans;
      this.#options.watch.succeeded();
    } else {
      this.#counts.failed(error, spans);
      this.#options.watch.failed(error, spans);
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
