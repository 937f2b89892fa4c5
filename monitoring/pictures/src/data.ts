import { setTimeout as wait } from 'node:timers/promises';

/** A Prometheus with data for the pictures. */
export interface PictureData {
  readonly url: string;
  readonly scrapeIntervalMs: number;
  /** The newest moment that has data; queries end there. */
  readonly nowMs: () => number;
  /** Where the data are shorter than the time that a dashboard shows. */
  readonly from?: string;
  stop(): Promise<void>;
}

const benchRunMs = 90_000;

/** The emulated bench of the stack tests, after it has run for a minute and a half. */
export async function benchData(): Promise<PictureData> {
  const { startBench } = await import('../../../test/stack/bench.ts');
  const bench = await startBench();
  await wait(benchRunMs);
  return { url: bench.prometheus.url, scrapeIntervalMs: 1000, nowMs: Date.now, from: 'now-80s', stop: bench.stop };
}
