import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timed } from '@benchlab-otel/sdk';
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { describe, expect, it, vi } from 'vitest';
import { deadEndpoint, page, receiver, span, telemetryRig } from './telemetryRig.suite.ts';

const { start, collector, lines, warnings, expectNothingRuns } = telemetryRig();

describe('the environment of startTelemetry', () => {
  it('sends to a Unix socket, without TLS', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'otlp-'));
    const sink = await collector(`unix:${folder}/otlp.sock`);
    const telemetry = await start({ otlp: {}, env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint } });
    span('pay');

    expect(await telemetry.shutdown()).toEqual({ droppedSpans: 0, timedOut: false });
    expect(sink.traces[0]?.includes('pay')).toBe(true);
    rmSync(folder, { recursive: true });
  });

  it('warns of the file of a CA that cannot be read, by the name of its variable', async () => {
    const env = { OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem' };
    await start({ otlp: { endpoint: deadEndpoint }, env, shutdownTimeoutMs: 500 });
    expect(warnings()[0]?.msg).toMatch(
      /^OTEL_EXPORTER_OTLP_CERTIFICATE names "\/nowhere\/ca.pem", which cannot be read: ENOENT/,
    );
  });

  it('sends exponential histograms where the variable asks for them, and shows buckets on the page', async () => {
    const sink = await collector();
    const telemetry = await start({
      otlp: { endpoint: sink.endpoint },
      env: { OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'base2_exponential_bucket_histogram' },
    });
    timed('work', () => {})();

    await telemetry.flush();

    // Metric { name = 1, description = 2, unit = 3, histogram = 9, exponential_histogram = 10 }
    // (opentelemetry/proto/metrics/v1/metrics.proto): the unit "s", then the tag of field 10.
    const exponential = Buffer.concat([Buffer.of(0x1a, 1), Buffer.from('s'), Buffer.of(0x52)]);
    const explicit = Buffer.concat([Buffer.of(0x1a, 1), Buffer.from('s'), Buffer.of(0x4a)]);
    const sent = Buffer.concat(sink.metrics);
    expect([sent.includes('work'), sent.includes(exponential), sent.includes(explicit)]).toEqual([true, true, false]);
    expect(await page(telemetry)).toMatch(/^work\S*_bucket{/m);
  });

  it('writes spans and metrics to the console where the variables ask for it, and log lines to their destination', async () => {
    const dir = vi.spyOn(console, 'dir').mockImplementation(() => undefined);
    const env = { OTEL_TRACES_EXPORTER: 'console', OTEL_METRICS_EXPORTER: 'console', OTEL_LOGS_EXPORTER: 'console' };
    const telemetry = await start({ env, environment: 'test' });
    span('pay');
    timed('work', () => {})();
    telemetry.logger.info('a line');
    await telemetry.shutdown();
    const written = dir.mock.calls.map(([each]) => each as Record<string, unknown>);
    dir.mockRestore();

    expect(telemetry.metricsUrl).toBeUndefined();
    expect(written.filter(({ name }) => name === 'pay')).toHaveLength(1);
    const metric = written.find(({ descriptor }) =>
      /^work/.test((descriptor as { name: string } | undefined)?.name ?? ''),
    );
    expect(metric).toMatchObject({ dataPoints: [{ attributes: { environment: 'test' } }] });
    expect(lines.join('')).toContain('a line');
  });

  it('makes spans without a parent children of the span in TRACEPARENT, and no others', async () => {
    const sink = await collector();
    const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
    const env = { TRACEPARENT: `00-${traceId}-${spanId}-01` };
    const telemetry = await start({ otlp: { endpoint: sink.endpoint }, env });
    const tracer = trace.getTracer('test');
    const outer = tracer.startActiveSpan('outer', (span) => {
      const inner = tracer.startSpan('inner');
      inner.end();
      span.end();
      return [span.spanContext(), inner.spanContext()] as const;
    });
    const root = tracer.startSpan('root', { root: true });
    root.end();
    const carrier: Record<string, string> = {};
    propagation.inject(context.active(), carrier);
    const extracted = propagation.extract(ROOT_CONTEXT, {});

    expect(outer.map((each) => each.traceId)).toEqual([traceId, traceId]);
    expect(root.spanContext().traceId).not.toBe(traceId);
    expect(carrier.traceparent).toBe(env.TRACEPARENT);
    expect(trace.getSpanContext(extracted)).toBeUndefined();
    await telemetry.shutdown();
    // Span { parent_span_id = 4 } (opentelemetry/proto/trace/v1/trace.proto).
    const parentField = Buffer.concat([Buffer.of(0x22, 8), Buffer.from(spanId, 'hex')]);
    expect(Buffer.concat(sink.traces).toString('latin1').split(parentField.toString('latin1'))).toHaveLength(2);
    await expectNothingRuns();
  });

  it('has no parent where TRACEPARENT is malformed, with a warning, or its propagator is off', async () => {
    const first = await start({ env: { TRACEPARENT: '00-x' } });
    expect(warnings()[0]?.msg).toMatch(/^TRACEPARENT is "00-x", which has no effect\./);
    expect(trace.getSpanContext(context.active())).toBeUndefined();
    await first.shutdown();
    const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await start({ env: { TRACEPARENT, OTEL_PROPAGATORS: 'baggage' } });
    expect(trace.getSpanContext(context.active())).toBeUndefined();
  });

  it('does nothing but log when OTEL_SDK_DISABLED is true', async () => {
    const unused = receiver();
    const telemetry = await start({ env: { OTEL_SDK_DISABLED: 'true' }, receivers: [unused] });

    telemetry.logger.info('still here');

    expect(telemetry.metricsUrl).toBeUndefined();
    expect(trace.getTracer('test').startSpan('not recorded').isRecording()).toBe(false);
    expect(unused.calls).toEqual([]);
    expect(lines.join('')).toContain('still here');
    expect(lines.filter((line) => line.includes('OTEL_SDK_DISABLED is true'))).toHaveLength(1);
    await telemetry.shutdown();
    await expectNothingRuns();
  });

  it('passes context on when OTEL_SDK_DISABLED is true, and forgets it at the shutdown', async () => {
    const telemetry = await start({ env: { OTEL_SDK_DISABLED: 'true' } });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const sent: Record<string, string> = {};

    const incoming = propagation.extract(ROOT_CONTEXT, { traceparent, baggage: 'tenant=a' });
    await context.with(incoming, async () => {
      await Promise.resolve();
      trace.getTracer('test').startActiveSpan('not made', () => propagation.inject(context.active(), sent));
    });

    expect(sent).toEqual({ traceparent, baggage: 'tenant=a' });
    await telemetry.shutdown();
    expect(propagation.fields()).toEqual([]);
  });

  it.each([
    ['b3', ['b3']],
    ['b3multi', ['x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled']],
    ['jaeger', ['uber-trace-id']],
    ['baggage,tracecontext', ['traceparent']],
    ['none', []],
    ['', ['traceparent']],
  ])('OTEL_PROPAGATORS=%s decides which headers leave', async (value, headers) => {
    await start({ env: { OTEL_PROPAGATORS: value } });
    const sent: Record<string, string> = {};

    trace.getTracer('test').startActiveSpan('out', (active) => {
      propagation.inject(context.active(), sent);
      active.end();
    });

    expect(Object.keys(sent)).toEqual(headers);
    expect(warnings()).toEqual([]);
  });

  it('warns of a switch that is neither true nor false', async () => {
    await start({ env: { OTEL_SDK_DISABLED: 'yes' } });

    expect(warnings()[0]?.msg).toContain('OTEL_SDK_DISABLED');
  });

  it('logs the messages of the SDK, up to OTEL_LOG_LEVEL', async () => {
    await start({ env: { OTEL_LOG_LEVEL: 'debug' } });

    expect(lines.join('')).toContain('"component":"opentelemetry"');
  });
});
