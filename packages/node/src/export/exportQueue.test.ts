import { prometheusName } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BatchExporter } from './batchSender.ts';
import { exportedSpans } from './exportedSignal.ts';
import { ExportQueue, type ExportQueueOptions } from './exportQueue.ts';

type Done = (result: ExportResult) => void;

const ok: ExportResult = { code: ExportResultCode.SUCCESS };
const failed = (code: number, message = `status ${code}`): ExportResult => ({
  code: ExportResultCode.FAILED,
  error: Object.assign(new Error(message), { code }),
});
const tooLarge = failed(8, 'grpc: received message larger than max (5 vs. 4)');

/** An exporter whose answers come from the test. */
class DeskExporter implements BatchExporter<string> {
  readonly exports: { readonly spans: readonly string[]; readonly done: Done }[] = [];
  isShutDown = false;
  answer: ((spans: readonly string[], done: Done) => void) | undefined;

  export(spans: string[], done: Done): void {
    this.exports.push({ spans, done });
    this.answer?.(spans, done);
  }

  async shutdown(): Promise<void> {
    this.isShutDown = true;
  }
}

let clock: ManualClock;
let exporter: DeskExporter;
let outcomes: string[];
let queue: ExportQueue<string>;

beforeEach(() => {
  clock = new ManualClock();
  exporter = new DeskExporter();
  outcomes = [];
  queue = make();
});

function make(options: Partial<ExportQueueOptions> = {}): ExportQueue<string> {
  return new ExportQueue(exporter, {
    clock,
    signal: exportedSpans,
    maxQueueSize: 6,
    maxExportBatchSize: 2,
    scheduledDelayMs: 5000,
    exportTimeoutMs: 30_000,
    maxInFlight: 2,
    random: () => 1,
    watch: {
      succeeded: () => void outcomes.push('succeeded'),
      failed: (_error, lost) => void outcomes.push(`failed ${lost}`),
      dropped: () => void outcomes.push('dropped'),
    },
    ...options,
  });
}

let ended = 0;
function end(count: number): void {
  for (let k = 0; k < count; k++) queue.add(`s${ended++}`);
}
beforeEach(() => {
  ended = 0;
});

/** The counts that are not 0, by series. */
function counts(): Record<string, number> {
  return Object.fromEntries(
    queue.counts().flatMap(({ definition, value, attributes }) => {
      const error = attributes?.['error.type'];
      const name = prometheusName(definition).replace(/^otel_sdk_(processor|exporter)_span_/, '');
      return value === 0 ? [] : [[error === undefined ? name : `${name} ${error}`, value]];
    }),
  );
}

const sent = () => exporter.exports.map(({ spans }) => spans.join(' '));
const turn = () => clock.advanceMs(0);

describe('ExportQueue', () => {
  it('sends nothing inside the call that adds', async () => {
    end(2);
    expect(sent()).toEqual([]);
    await turn();
    expect(sent()).toEqual(['s0 s1']);
  });

  it('sends a batch that is not full after the delay, and not before', async () => {
    end(1);
    await clock.advanceMs(4999);
    expect(sent()).toEqual([]);
    await clock.advanceMs(1);
    await turn();
    expect(sent()).toEqual(['s0']);
    exporter.exports[0]?.done(ok);
    end(1);
    await clock.advanceMs(4999);
    expect(sent()).toHaveLength(1);
    await clock.advanceMs(2);
    await turn();
    expect(sent()).toEqual(['s0', 's1']);
  });

  it('sends `maxInFlight` batches at the same time, and the next when one is answered', async () => {
    end(6);
    for (let k = 0; k < 5; k++) await turn();
    expect(sent()).toEqual(['s0 s1', 's2 s3']);
    expect(counts()).toMatchObject({ inflight: 4, queue_size: 2, processed_total: 4 });

    exporter.exports[1]?.done(ok);
    await turn();
    await turn();

    expect(sent()).toEqual(['s0 s1', 's2 s3', 's4 s5']);
    expect(counts()).toEqual({ inflight: 4, processed_total: 6, exported_total: 2, queue_capacity: 6 });
  });

  it('drops and counts spans that find the queue full, and no others', async () => {
    end(9);
    expect(counts()).toEqual({ queue_size: 6, queue_capacity: 6, 'processed_total queue_full': 3 });
    expect(outcomes).toEqual(['dropped', 'dropped', 'dropped']);
    exporter.answer = (_spans, done) => done(ok);

    await queue.forceFlush();

    expect(counts()).toMatchObject({ processed_total: 6, exported_total: 6 });
  });

  it('sends a batch again, with growing pauses, when the collector is unavailable', async () => {
    end(2);
    await turn();
    exporter.exports[0]?.done(failed(14));
    await clock.advanceMs(249);
    expect(sent()).toHaveLength(1);
    await clock.advanceMs(1);
    expect(sent()).toEqual(['s0 s1', 's0 s1']);
    exporter.exports[1]?.done(failed(14));
    await clock.advanceMs(499);
    expect(sent()).toHaveLength(2);
    await clock.advanceMs(1);
    exporter.exports[2]?.done(ok);
    await turn();

    expect(outcomes).toEqual(['failed 0', 'failed 0', 'succeeded']);
    expect(counts()).toEqual({ processed_total: 2, exported_total: 2, queue_capacity: 6 });
  });

  it('counts a batch as failed after the export timeout, by the status of its last attempt', async () => {
    exporter.answer = (_spans, done) => done(failed(14));
    end(2);
    await clock.advanceMs(40_000);

    expect(counts()).toEqual({ processed_total: 2, 'exported_total UNAVAILABLE': 2, queue_capacity: 6 });
    expect(outcomes.at(-1)).toBe('failed 2');
    expect(clock.pending).toBe(0);
  });

  it('does not send again what would be refused again', async () => {
    exporter.answer = (_spans, done) => done(failed(16));
    end(2);
    await clock.advanceMs(10_000);
    expect(sent()).toHaveLength(1);
    expect(counts()).toMatchObject({ 'exported_total UNAUTHENTICATED': 2 });
  });

  it('sends a batch in halves when it is too large for the collector, and loses only spans that are too large alone', async () => {
    queue = make({ maxExportBatchSize: 4 });
    exporter.answer = (spans, done) => done(spans.includes('s2') || spans.length > 2 ? tooLarge : ok);
    end(4);
    await clock.advanceMs(1000);

    expect(sent()).toEqual(['s0 s1 s2 s3', 's0 s1', 's2 s3', 's2', 's3']);
    expect(counts()).toMatchObject({ exported_total: 3, 'exported_total RESOURCE_EXHAUSTED': 1 });
  });

  it('pauses between a batch that was too large and its halves', async () => {
    queue = make({ maxExportBatchSize: 4 });
    exporter.answer = (spans, done) => done(spans.length > 2 ? tooLarge : ok);
    end(4);
    await clock.advanceMs(249);
    expect(sent()).toEqual(['s0 s1 s2 s3']);
    await clock.advanceMs(1);
    expect(sent()).toEqual(['s0 s1 s2 s3', 's0 s1', 's2 s3']);
  });

  it('sends the same batch again to a collector that throttles, and not in parts', async () => {
    let refusals = 3;
    exporter.answer = (_spans, done) => done(refusals-- > 0 ? failed(8) : ok);
    end(2);
    await clock.advanceMs(5000);

    expect(sent()).toEqual(['s0 s1', 's0 s1', 's0 s1', 's0 s1']);
    expect(counts()).toEqual({ processed_total: 2, exported_total: 2, queue_capacity: 6 });
  });

  it('continues when an exporter hangs, and ignores an answer that comes too late', async () => {
    queue = make({ maxInFlight: 1 });
    end(4);
    await clock.advanceMs(30_000);
    await turn();
    expect(sent()).toEqual(['s0 s1', 's2 s3']);
    expect(counts()).toMatchObject({ 'exported_total timeout': 2, inflight: 2 });

    exporter.exports[0]?.done(ok);
    exporter.exports[1]?.done(ok);
    await turn();

    expect(counts()).toMatchObject({ 'exported_total timeout': 2, exported_total: 2 });
  });

  it.each<[string, (done: Done) => void, object]>([
    [
      'throws',
      () => {
        throw new Error('no');
      },
      { 'exported_total _OTHER': 2 },
    ],
    ['fails without a reason', (done) => done({ code: ExportResultCode.FAILED }), { 'exported_total _OTHER': 2 }],
    ['answers twice', (done) => [ok, ok].forEach(done), { exported_total: 2 }],
    ['changes its mind', (done) => [failed(16), ok].forEach(done), { 'exported_total UNAUTHENTICATED': 2 }],
  ])('counts a batch once when the exporter %s', async (_what, run, expected) => {
    exporter.answer = (_spans, done) => run(done);
    end(2);
    await clock.advanceMs(10);
    const { exported_total, ...others } = counts();
    expect({ ...(exported_total === undefined ? {} : { exported_total }), ...others }).toEqual({
      ...expected,
      processed_total: 2,
      queue_capacity: 6,
    });
  });

  it('flushes spans that ended before, and does not wait for spans that end meanwhile', async () => {
    end(3);
    let isFlushed = false;
    void queue.forceFlush().then(() => {
      isFlushed = true;
    });
    await turn();
    await turn();
    expect(sent()).toEqual(['s0 s1', 's2']);
    end(1);
    for (const { done } of exporter.exports) done(ok);
    await turn();
    expect([isFlushed, counts().queue_size]).toEqual([true, 1]);
  });

  it('resolves a flush at once when nothing waits', async () => {
    await expect(queue.forceFlush()).resolves.toBeUndefined();
  });

  it('makes one more attempt at the shutdown with batches that wait for one, and no further attempt', async () => {
    end(2);
    await turn();
    exporter.exports[0]?.done(failed(14));
    await turn();
    exporter.answer = (_spans, done) => done(failed(14));

    await queue.shutdown();

    expect(sent()).toHaveLength(2);
    expect(counts()).toMatchObject({ 'exported_total UNAVAILABLE': 2 });
    expect([exporter.isShutDown, clock.pending]).toEqual([true, 0]);
  });

  it('sends all waiting spans at the shutdown, counts spans that end afterwards, and shuts down once', async () => {
    exporter.answer = (_spans, done) => done(ok);
    end(5);
    await Promise.all([queue.shutdown(), queue.shutdown()]);
    end(2);

    expect(counts()).toEqual({
      processed_total: 5,
      exported_total: 5,
      'processed_total already_shutdown': 2,
      queue_capacity: 6,
    });
    expect([exporter.isShutDown, clock.pending]).toEqual([true, 0]);
  });

  it('has every span in exactly one count, with an exporter that does anything at random', async () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    queue = make({ maxQueueSize: 50, maxExportBatchSize: 4, maxInFlight: 3, random });
    exporter.answer = (_spans, done) => {
      const kind = Math.floor(random() * 5);
      if (kind === 0) clock.at(clock.nowNs() + random() * 2e9, () => done(ok));
      if (kind === 1) done(failed(14));
      if (kind === 2) done(failed(8));
      if (kind === 3) done(failed(3));
      // 4: never
    };
    for (let k = 0; k < 300; k++) {
      end(Math.floor(random() * 8));
      await clock.advanceMs(random() * 800);
    }
    let isFlushed = false;
    void queue.forceFlush().then(() => {
      isFlushed = true;
    });
    for (let k = 0; k < 300 && !isFlushed; k++) await clock.advanceMs(1000);
    expect(isFlushed).toBe(true);

    const { queue_capacity, processed_total = 0, ...rest } = counts();
    const exported = Object.entries(rest).reduce((sum, [name, n]) => (name.startsWith('exported') ? sum + n : sum), 0);
    expect(rest.queue_size).toBeUndefined();
    expect(rest.inflight).toBeUndefined();
    expect(exported).toBe(processed_total);
    expect(processed_total + (rest['processed_total queue_full'] ?? 0)).toBe(ended);
    expect(Object.keys(rest).length).toBeGreaterThan(3);
  });
});
