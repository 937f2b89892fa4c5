import type { Clock } from '@benchlab-otel/core';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { type ExportResult, suppressTracing } from '@opentelemetry/core';
import { attempt } from './attempt.ts';
import { ExportTimeout, pauseMs, remedyFor } from './retry.ts';

const untraced = suppressTracing(ROOT_CONTEXT);

/** The part of the exporters of spans and log records that is used here. */
export interface BatchExporter<Item> {
  export(items: Item[], done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
}

export interface BatchSenderOptions<Item> {
  readonly exporter: BatchExporter<Item>;
  readonly clock: Clock;
  /** From the first attempt of a batch to the end of its last, ms. */
  readonly timeoutMs: number;
  /** Called when an attempt failed and another will follow. */
  readonly retrying?: (error: unknown) => void;
  /** 0 to 1. Default: Math.random. */
  readonly random?: () => number;
}

/** How the export of some items ended: acknowledged where there is no `error`. */
export interface SendOutcome {
  readonly items: number;
  readonly error?: unknown;
}

/**
 * Sends batches until they are acknowledged or finally refused. A batch whose error may pass is sent again, after the
 * time that the server stated or with growing pauses, until the timeout; one that is too large is sent in halves. An exporter that throws or never answers has failed.
 */
export class BatchSender<Item> {
  readonly #options: BatchSenderOptions<Item>;
  readonly #pauses = new Set<() => void>();
  #isHurried = false;

  constructor(options: BatchSenderOptions<Item>) {
    this.#options = options;
  }

  /** Never rejects. More than one outcome where the batch was split. */
  send(items: Item[]): Promise<readonly SendOutcome[]> {
    const { clock, timeoutMs } = this.#options;
    return this.#send(items, clock.nowNs() + timeoutMs * 1e6);
  }

  /** For the end of the process: batches that wait for their next attempt make it at once, and no further attempt follows. */
  hurry(): void {
    this.#isHurried = true;
    for (const end of [...this.#pauses]) end();
  }

  async #send(items: Item[], deadlineNs: number): Promise<readonly SendOutcome[]> {
    const { clock, retrying, random = Math.random } = this.#options;
    for (let attempts = 1; ; attempts++) {
      const isLast = this.#isHurried;
      const error = await this.#attempt(items, deadlineNs);
      if (error === undefined) return [{ items: items.length }];
      const remedy = remedyFor(error);
      const isSplit = remedy.kind === 'split' && items.length > 1;
      const stated = remedy.kind === 'retry' ? remedy.afterMs : undefined;
      const pauseNs = pauseMs(stated, isSplit ? 1 : attempts, random()) * 1e6;
      const isPossible = isSplit || (remedy.kind === 'retry' && !isLast);
      if (!isPossible || clock.nowNs() + pauseNs >= deadlineNs) return [{ items: items.length, error }];
      if (!isSplit) retrying?.(error);
      await this.#pause(pauseNs);
      if (isSplit) return this.#halves(items, deadlineNs);
    }
  }

  async #halves(items: Item[], deadlineNs: number): Promise<readonly SendOutcome[]> {
    const middle = Math.ceil(items.length / 2);
    const first = await this.#send(items.slice(0, middle), deadlineNs);
    return [...first, ...(await this.#send(items.slice(middle), deadlineNs))];
  }

  /** Resolves to the error, or to undefined. */
  #attempt(items: Item[], deadlineNs: number): Promise<unknown> {
    const { exporter, clock, timeoutMs } = this.#options;
    return new Promise((resolve) => {
      const cancel = clock.at(deadlineNs, () => resolve(new ExportTimeout(timeoutMs)), { background: true });
      // Else an instrumented gRPC would make spans of the export of spans, without end.
      context.with(untraced, () => {
        attempt(
          (done) => exporter.export(items, done),
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
