import type { Clock } from '@benchlab-otel/sdk';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import { attempt } from './attempt.ts';
import { backoffMs, ExportTimeout, remedyFor } from './retry.ts';

const untraced = suppressTracing(ROOT_CONTEXT);

export interface BatchSenderOptions {
  readonly exporter: SpanExporter;
  readonly clock: Clock;
  /** From the first attempt of a batch to the end of its last, ms. */
  readonly timeoutMs: number;
  /** An attempt failed, and another will follow. */
  readonly retrying?: (error: unknown) => void;
  /** 0 to 1. Default: Math.random. */
  readonly random?: () => number;
}

/** How the export of some spans ended: acknowledged where there is no `error`. */
export interface SendOutcome {
  readonly spans: number;
  readonly error?: unknown;
}

/**
 * Takes batches to their end: acknowledged, or refused for good. What can pass is tried again, with growing pauses, until
 * the timeout; what is too large is sent in halves. An exporter that throws, answers twice or never is an exporter that
 * failed.
 */
export class BatchSender {
  readonly #options: BatchSenderOptions;
  readonly #pauses = new Set<() => void>();
  #isHurried = false;

  constructor(options: BatchSenderOptions) {
    this.#options = options;
  }

  /** Never rejects. More than one outcome where the batch was split. */
  send(spans: ReadableSpan[]): Promise<readonly SendOutcome[]> {
    const { clock, timeoutMs } = this.#options;
    return this.#send(spans, clock.nowNs() + timeoutMs * 1e6);
  }

  /** From now on nothing is tried again, and what waits for its next attempt makes it at once: the process ends. */
  hurry(): void {
    this.#isHurried = true;
    for (const end of [...this.#pauses]) end();
  }

  async #send(spans: ReadableSpan[], deadlineNs: number): Promise<readonly SendOutcome[]> {
    const { clock, retrying, random = Math.random } = this.#options;
    for (let attempts = 1; ; attempts++) {
      const isLast = this.#isHurried;
      const error = await this.#attempt(spans, deadlineNs);
      if (error === undefined) return [{ spans: spans.length }];
      const remedy = remedyFor(error);
      if (remedy === 'split' && spans.length > 1) return this.#halves(spans, deadlineNs);
      const pauseNs = backoffMs(attempts, random()) * 1e6;
      if (remedy !== 'retry' || isLast || clock.nowNs() + pauseNs >= deadlineNs) {
        return [{ spans: spans.length, error }];
      }
      retrying?.(error);
      await this.#pause(pauseNs);
    }
  }

  async #halves(spans: ReadableSpan[], deadlineNs: number): Promise<readonly SendOutcome[]> {
    const middle = Math.ceil(spans.length / 2);
    const first = await this.#send(spans.slice(0, middle), deadlineNs);
    return [...first, ...(await this.#send(spans.slice(middle), deadlineNs))];
  }

  /** Resolves to what went wrong. */
  #attempt(spans: ReadableSpan[], deadlineNs: number): Promise<unknown> {
    const { exporter, clock, timeoutMs } = this.#options;
    return new Promise((resolve) => {
      const cancel = clock.at(deadlineNs, () => resolve(new ExportTimeout(timeoutMs)), { background: true });
      // Or an instrumented gRPC would make spans of the export of spans, without end.
      context.with(untraced, () => {
        attempt(
          (done) => exporter.export(spans, done),
          (error) => {
            cancel();
            resolve(error);
          },
        );
      });
    });
  }

  #pause(pauseNs: number): Promise<void> {
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#pauses.delete(end);
        resolve();
      };
      const cancel = clock.at(clock.nowNs() + pauseNs, end, { background: true });
      this.#pauses.add(end);
      if (this.#isHurried) end();
    });
  }
}
