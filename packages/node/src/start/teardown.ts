import type { Receiver } from '@benchlab-otel/core';
import { closeOpenCalls } from '@benchlab-otel/sdk';
import type { LineWriter } from '@benchlab-otel/wire';
import type { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { WorkerAnswers } from '../cluster/workerAnswers.ts';
import { flushEventsMs } from '../events/eventOutput.ts';
import { within } from '../lifecycle/within.ts';
import type { OtlpLogs } from '../logs/otlpLogs.ts';
import type { MetricsPage } from '../page/metricsPage.ts';
import type { Tracing } from '../trace/tracing.ts';

/** What has been started so far. */
export interface Running {
  tracing?: Tracing;
  metering?: MeterProvider;
  logs?: OtlpLogs;
  eventWriter?: LineWriter;
  page?: MetricsPage;
  /** In a worker of a cluster. */
  worker?: WorkerAnswers;
  receivers: readonly Receiver[];
  /** Undone last, in reverse order. */
  readonly undo: (() => void)[];
  /** Writes out what a destination of log lines keeps in memory. */
  readonly flushLog: () => Promise<void>;
}

/**
 * Stops all of it within `timeoutMs` and exports what is left. Held spans come first, while receivers still deliver the
 * samples that the spans wait for; metrics last, so that they count the steps before. True when all of it was in time.
 */
export async function tearDown(running: Running, timeoutMs: number): Promise<boolean> {
  const { tracing, metering, logs, eventWriter, page, worker, receivers, undo, flushLog } = running;
  const deadlineMs = performance.now() + timeoutMs;
  const leftMs = (): number => deadlineMs - performance.now();
  const steps: (() => Promise<boolean>)[] = [
    () => within(leftMs() / 2, settled(tracing?.processor.settled())),
    () => within(leftMs() / 2, settled(...receivers.map(async (receiver) => receiver.stop()))),
    () => within(leftMs() * 0.75, settled(tracing?.provider.shutdown(), logs?.provider.shutdown())),
    // The reader of a FIFO may be absent or slow, so this wait has a limit of its own.
    () => within(Math.min(flushEventsMs, leftMs() / 2), settled(eventWriter?.flush())),
    () => within(leftMs() / 2, settled(worker?.sendLast(leftMs() / 2))),
    () => within(leftMs() * 0.75, settled(metering?.shutdown(), page?.close(), eventWriter?.close())),
    () => within(leftMs(), flushLog()),
  ];
  // Before the processors stop: calls whose results have no end get their spans and points.
  closeOpenCalls();
  let isInTime = true;
  for (const step of steps) isInTime = (await step()) && isInTime;
  for (const task of undo.reverse()) task();
  return isInTime;
}

/** Exports all that has ended so far, within `timeoutMs`. */
export async function flushAll(
  { tracing, metering, logs, eventWriter, flushLog }: Running,
  timeoutMs: number,
): Promise<void> {
  const flush = async (): Promise<void> => {
    await tracing?.processor.settled();
    await settled(
      tracing?.provider.forceFlush(),
      logs?.provider.forceFlush(),
      metering?.forceFlush(),
      flushLog(),
      eventWriter && within(flushEventsMs, eventWriter.flush()),
    );
  };
  await within(timeoutMs, flush());
}

function settled(...work: (Promise<unknown> | undefined)[]): Promise<unknown> {
  return Promise.allSettled(work);
}
