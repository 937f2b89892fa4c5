import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { CollectorWatch } from './collectorWatch.ts';
import { forwardingExporter } from './forwardingExporter.ts';

type Done = (result: ExportResult) => void;

/**
 * Counts what a collector acknowledged and reports failures to a `CollectorWatch`. The SDK is always told of success:
 * it does nothing about a failure but log it, every time and without a word on what to do.
 */
export class WatchedSpanExporter implements SpanExporter {
  acknowledged = 0;
  readonly #inner: SpanExporter;
  readonly #watch: CollectorWatch;

  constructor(inner: SpanExporter, watch: CollectorWatch) {
    this.#inner = inner;
    this.#watch = watch;
  }

  export(spans: ReadableSpan[], done: Done): void {
    watched(
      (settle) => this.#inner.export(spans, settle),
      (error) => {
        if (error === undefined) {
          this.acknowledged += spans.length;
          this.#watch.succeeded();
        } else this.#watch.failed(error, spans.length);
        done({ code: ExportResultCode.SUCCESS });
      },
    );
  }

  forceFlush(): Promise<void> {
    return this.#inner.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }
}

/** The same for metrics. Nothing is counted: the next export carries the totals. */
export function watchedMetricExporter(inner: PushMetricExporter, watch: CollectorWatch): PushMetricExporter {
  return forwardingExporter(inner, (metrics, done) => {
    watched(
      (settle) => inner.export(metrics, settle),
      (error) => {
        if (error === undefined) watch.succeeded();
        else watch.failed(error, 0);
        done({ code: ExportResultCode.SUCCESS });
      },
    );
  });
}

/** Runs an export and settles once: with undefined, or with the error, thrown ones included. */
function watched(run: (settle: Done) => void, settled: (error: unknown) => void): void {
  let isSettled = false;
  const settle = (error: unknown): void => {
    if (isSettled) return;
    isSettled = true;
    settled(error);
  };
  try {
    run(({ code, error }) =>
      settle(code === ExportResultCode.SUCCESS ? undefined : (error ?? new Error('no reason given'))),
    );
  } catch (error) {
    settle(error ?? new Error('no reason given'));
  }
}
