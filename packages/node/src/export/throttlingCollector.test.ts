import { systemClock } from '@benchlab-otel/core';
import { Metadata, status } from '@grpc/grpc-js';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, it } from 'vitest';
import { exportedSpans } from './exportedSignal.ts';
import { ExportQueue } from './exportQueue.ts';
import { otlpSpanExporter } from './otlpExporters.ts';
import { otlpSink } from './otlpSink.suite.ts';
import { queueingSpanProcessor } from './queueingProcessors.ts';
import { retryInfo, statusWith } from './retryInfo.suite.ts';

it.each([
  ['RESOURCE_EXHAUSTED', status.RESOURCE_EXHAUSTED],
  ['UNAVAILABLE', status.UNAVAILABLE],
] as const)(
  'a collector that answers %s with RetryInfo for a second gets every span, each batch as a whole',
  async (_, code) => {
    const waitMs = 900; // the first pauses without RetryInfo are 125 to 250 ms, and 250 to 500 ms
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from(statusWith(retryInfo({ nanos: BigInt(waitMs * 1e6) }))));
    const refusedMs: number[] = [];
    const sink = await otlpSink(0, () => {
      const nowMs = performance.now();
      if (nowMs - (refusedMs[0] ?? nowMs) > 1000) return undefined;
      refusedMs.push(nowMs);
      return { code, details: 'too many requests', metadata };
    });
    const exporter = otlpSpanExporter({ endpoint: sink.endpoint, headers: {}, timeoutMs: 10_000 });
    const queue = new ExportQueue(exporter, {
      clock: systemClock,
      signal: exportedSpans,
      maxQueueSize: 4096,
      maxExportBatchSize: 256,
      scheduledDelayMs: 10,
      exportTimeoutMs: 30_000,
      maxInFlight: 4,
      watch: { succeeded() {}, failed() {}, dropped() {} },
    });
    const provider = new TracerProvider({ spanProcessors: [queueingSpanProcessor(queue)] });
    const tracer = provider.getTracer('test');

    for (let k = 0; k < 1024; k++) tracer.startSpan('work').end();
    await queue.forceFlush();

    expect(queue.acknowledged).toBe(1024);
    // Each of the four batches is refused once, and again if it came back within the second: never before the stated time.
    const [first = 0] = refusedMs;
    const early = refusedMs.filter((ms) => ms - first < waitMs * 0.95);
    expect(early).toHaveLength(4);
    expect(sink.traces).toHaveLength(4);
    await provider.shutdown();
    await sink.close();
  },
);
