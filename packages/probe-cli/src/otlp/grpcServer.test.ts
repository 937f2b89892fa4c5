import { systemClock } from '@benchlab-otel/core';
import { startTelemetry } from '@benchlab-otel/node';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { exportRaw, headerOf, oneSpan, receiver, start } from './otlpReceiver.suite.ts';

describe('the OTLP receiver over gRPC', () => {
  it('keeps the spans of a stock OpenTelemetry exporter with parent, status and times on the monotonic clock', async () => {
    const otlp = await receiver();
    const telemetry = await startTelemetry({
      env: {},
      otlp: { endpoint: otlp.endpoint, headers: headerOf(otlp) },
      metricsPage: false,
      log: { level: 'silent' },
    });
    const tracer = trace.getTracer('test');
    const beforeNs = systemClock.nowNs();

    tracer.startSpan('ok', { kind: SpanKind.SERVER }).end();
    const bad = tracer.startSpan('bad');
    bad.setStatus({ code: SpanStatusCode.ERROR });
    bad.end();
    await telemetry.shutdown();

    const spans = otlp.store.spans;
    expect(spans.map(({ name, kind, failed }) => ({ name, kind, failed }))).toEqual(
      expect.arrayContaining([
        { name: 'ok', kind: SpanKind.SERVER, failed: false },
        { name: 'bad', kind: SpanKind.INTERNAL, failed: true },
      ]),
    );
    for (const span of spans) {
      expect(span.startNs).toBeGreaterThan(beforeNs - 20e6);
      expect(span.endNs).toBeLessThan(systemClock.nowNs() + 20e6);
      expect(span.uncertaintyNs).toBeGreaterThanOrEqual(0.5e6);
    }
  });

  it('answers INVALID_ARGUMENT to malformed bytes and takes the next request', async () => {
    const otlp = await receiver();

    const refused = await exportRaw(otlp, Buffer.from([0x0a, 0xff, 0xff, 0x01, 0x02]));
    const taken = await exportRaw(otlp, oneSpan('later', start, start + 5n));

    expect(refused?.code).toBe(3);
    expect(taken).toBeUndefined();
    expect(otlp.store.received).toMatchObject({ refusedRequests: 1, requests: 1, spans: 1 });
  });

  it('answers RESOURCE_EXHAUSTED to a message beyond 16 MiB', async () => {
    const otlp = await receiver();

    const refused = await exportRaw(otlp, Buffer.alloc(16 * 1024 * 1024 + 1));

    expect(refused?.code).toBe(8);
    expect(otlp.store.spans).toEqual([]);
  });
});
