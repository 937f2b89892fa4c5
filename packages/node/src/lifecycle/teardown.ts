import type { Receiver } from '@benchlab-otel/core';
import type { LineWriter } from '@benchlab-otel/wire';
import type { MeterProvider } from '@opentelemetry/sdk-metrics';
import { FLUSH_EVENTS_MS } from '../events/eventOutput.ts';
import type { OtlpLogs } from '../logs/otlpLogs.ts';
import type { MetricsPage } from '../page/metricsPage.ts';
import type { Tracing } from '../trace/tracing.ts';
import { within } from './within.ts';

/** What runs, as far as the start has come. */
export interface Running {
  tracing?: Tracing;
  metering?: MeterProvider;
  logs?: OtlpLogs;
  eventWriter?: LineWriter;
  page?: MetricsPage;
  receivers: readonly Receiver[];
  /** Undone last, in reverse order. */
  readonly undo: (() => void)[];
}

/**
 * Stops all of it within `timeoutMs`, sending what is left. Held spans come first, while receivers still bring the
 * samples that they wait for; metrics last, so that they count what came before. True when all of it was in time.
 */
export async function tearDown(running: Running, timeoutMs: number): Promise<boolean> {
  const { tracing, metering, logs, eventWriter, page, receivers, undo } = running;
  const deadlineMs = performance.now() + timeoutMs;
  const leftMs = (): number => deadlineMs - performance.now();
  const steps: (() => Promise<boolean>)[] = [
    () => within(leftMs() / 2, settled(tracing?.processor.settled())),
    () => within(leftMs() / 2, settled(...receivers.map(async (receiver) => receiver.stop()))),
    () => within(leftMs() * 0.75, settled(tracing?.provider.shutdown(), logs?.provider.shutdown())),
    // A FIFO that nobody reads would be waited for in vain: that much time and no more.
    () => within(Math.min(FLUSH_EVENTS_MS, leftMs() / 2), settled(eventWriter?.flush())),
    () => within(leftMs(), settled(metering?.shutdown(), page?.close(), eventWriter?.close())),
  ];
  let isInTime = true;
  for (const step of steps) isInTime = (await step()) && isInTime;
  for (const task of undo.reverse()) task();
  return isInTime;
}

/** Sends what has ended so far, within `timeoutMs`. */
export async function flushAll({ tracing, metering, logs, eventWriter }: Running, timeoutMs: number): Promise<void> {
  const flush = async (): Promise<void> => {
    await tracing?.processor.settled();
    await settled(
      tracing?.provider.forceFlush(),
      logs?.provider.forceFlush(),
      metering?.forceFlush(),
      eventWriter && within(FLUSH_EVENTS_MS, eventWriter.flush()),
    );
  };
  await within(timeoutMs, flush());
}

function settled(...work: (Promise<unknown> | undefined)[]): Promise<unknown> {
  return Promise.allSettled(work);
}
