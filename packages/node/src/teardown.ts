import type { Receiver } from '@benchlab-otel/sdk';
import type { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { MetricsPage } from './page/metricsPage.ts';
import type { Tracing } from './tracing.ts';
import { within } from './within.ts';

/** What runs, as far as the start has come. */
export interface Running {
  tracing?: Tracing;
  metering?: MeterProvider;
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
  const { tracing, metering, page, receivers, undo } = running;
  const deadlineMs = performance.now() + timeoutMs;
  const leftMs = (): number => deadlineMs - performance.now();
  const steps: (() => Promise<boolean>)[] = [
    () => within(leftMs() / 2, settled(tracing?.processor.settled())),
    () => within(leftMs() / 2, settled(...receivers.map(async (receiver) => receiver.stop()))),
    () => within(leftMs() * 0.75, settled(tracing?.provider.shutdown())),
    () => within(leftMs(), settled(metering?.shutdown(), page?.close())),
  ];
  let isInTime = true;
  for (const step of steps) isInTime = (await step()) && isInTime;
  for (const task of undo.reverse()) task();
  return isInTime;
}

/** Sends what has ended so far, within `timeoutMs`. */
export async function flushAll({ tracing, metering }: Running, timeoutMs: number): Promise<void> {
  const flush = async (): Promise<void> => {
    await tracing?.processor.settled();
    await settled(tracing?.provider.forceFlush(), metering?.forceFlush());
  };
  await within(timeoutMs, flush());
}

function settled(...work: (Promise<unknown> | undefined)[]): Promise<unknown> {
  return Promise.allSettled(work);
}
