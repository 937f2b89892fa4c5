import { ManualClock } from '@benchlab-otel/core/testing';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { expect, it } from 'vitest';
import { exportedSpans } from './exportedSignal.ts';
import { ExportQueue } from './exportQueue.ts';
import { retryInfo, statusWith } from './retryInfo.suite.ts';

const plans = 1000;
const spansOfPlan = 60;

/** Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (2003): the same numbers for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 2 ** 32;
  };
}

type Done = (result: ExportResult) => void;

/** A collector that is well, throttles, resets connections, hangs or refuses, each for a while, as its seed decides. */
function collector(clock: ManualClock, random: () => number) {
  const accepted = new Set<number>();
  let state = 'well';
  let untilNs = 0;
  const fail = (code: number, message: string, seconds?: number): ExportResult => {
    const details = seconds === undefined ? [] : [statusWith(retryInfo({ nanos: BigInt(Math.round(seconds * 1e9)) }))];
    const metadata = { get: () => details };
    return { code: ExportResultCode.FAILED, error: Object.assign(new Error(message), { code, metadata }) };
  };
  const states = [
    'well',
    'well',
    'throttles',
    'throttles without a time',
    'resets',
    'hangs',
    'refuses',
    'is too small',
  ];
  return {
    accepted,
    async shutdown() {},
    export(items: number[], done: Done): void {
      if (clock.nowNs() >= untilNs) {
        state = states[Math.floor(random() * states.length)] ?? 'well';
        untilNs = clock.nowNs() + random() * 4e9;
      }
      if (state === 'hangs') return;
      if (state === 'throttles') done(fail(random() < 0.5 ? 8 : 14, 'throttled', random()));
      else if (state === 'throttles without a time') done(fail(8, 'too many requests'));
      else if (state === 'resets') done(fail(14, 'read ECONNRESET'));
      else if (state === 'refuses') done(fail(3, 'invalid'));
      else if (state === 'is too small' && items.length > 2) done(fail(8, 'received message larger than max'));
      else {
        for (const item of items) accepted.add(item);
        done({ code: ExportResultCode.SUCCESS });
      }
    },
  };
}

it(`every span arrives or is counted, in ${plans} random plans of a collector in trouble`, async () => {
  for (let seed = 1; seed <= plans; seed++) {
    const clock = new ManualClock();
    const random = randomNumbers(seed);
    const exporter = collector(clock, random);
    const queue = new ExportQueue<number>(exporter, {
      clock,
      signal: exportedSpans,
      maxQueueSize: 24,
      maxExportBatchSize: 8,
      scheduledDelayMs: 500,
      exportTimeoutMs: 5_000,
      maxInFlight: 2,
      random,
      watch: { succeeded() {}, failed() {}, dropped() {} },
    });
    for (let k = 0; k < spansOfPlan; k++) {
      queue.add(k);
      if (random() < 0.2) await clock.advanceMs(random() * 1500);
    }
    // A call of the exporter may come turns of the event loop after the timer that it follows.
    for (let step = 0; step < 120; step++) await clock.advanceMs(1000);

    const counted = queue.counts().map(({ definition, value, attributes }) => ({
      name: definition.name,
      value,
      error: attributes?.['error.type'],
    }));
    const total = (name: string, isError: boolean) =>
      counted.reduce(
        (sum, each) => sum + (each.name === name && (each.error !== undefined) === isError ? each.value : 0),
        0,
      );
    const dropped = total('otel.sdk.processor.span.processed', true);
    const failed = total('otel.sdk.exporter.span.exported', true);
    expect([queue.acknowledged, dropped + failed, clock.pending], `seed ${seed}`).toEqual([
      exporter.accepted.size,
      spansOfPlan - exporter.accepted.size,
      0,
    ]);
  }
});
