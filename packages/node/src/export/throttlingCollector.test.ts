import { systemClock } from '@benchlab-otel/core';
import { Metadata, status } from '@grpc/grpc-js';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
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
    const waitMs = 300;
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from(statusWith(retryInfo({ nanos: BigInt(waitMs * 1e6) }))));
    let refusals = 0;
    let firstMs: number | undefined;
    const sink = await otlpSink(0, () => {
      firstMs ??= performance.now();
      if (performance.now() - firstMs > 1000) return undefined;
      refusals++;
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
    const provider = new NodeTracerProvider({ spanProcessors: [queueingSpanProcessor(queue)] });
    const tracer = provider.getTracer('test');

    for (let k = 0; k < 1024; k++) tracer.startSpan('work').end();
    await queue.forceFlush();

    expect(queue.acknowledged).toBe(1024);
    // Four batches, each at most once in 300 ms of the second.
    expect(refusals).toBeLessThanOrEqual(16);
    expect(sink.traces).toHaveLength(4);
    await provider.shutdown();
    await sink.close();
  },
);
