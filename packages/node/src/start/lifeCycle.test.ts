import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { BenchlabError } from '@benchlab-otel/core';
import { context, createNoopMeter, diag, metrics, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { deadEndpoint, page, receiver, span, telemetryRig } from './telemetryRig.suite.ts';

const { start, collector, lines, warnings, expectNothingRuns } = telemetryRig();

describe('startTelemetry', () => {
  it.each([{}, { OTEL_SDK_DISABLED: 'true' }])(
    'flushes the destination of lines at the shutdown, with %o',
    async (env) => {
      const done: string[] = [];
      const destination = {
        write: () => {},
        flush: (written: () => void) => {
          done.push('flushed');
          written();
        },
      };
      const telemetry = await start({ env, log: { destination } });
      await telemetry.shutdown();
      expect(done).toEqual(['flushed']);
    },
  );

  it('removes all that it has registered when it is shut down', async () => {
    const telemetry = await start();
    const active = context.active();

    await telemetry.shutdown();

    const carrier = {};
    const remote = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
    propagation.inject(trace.setSpanContext(active, remote), carrier);
    diag.error('after the shutdown');
    expect(carrier).toEqual({});
    expect(context.with(active.setValue(Symbol('key'), 1), () => context.active())).toBe(ROOT_CONTEXT);
    expect(trace.getTracer('test').startSpan('not recorded').isRecording()).toBe(false);
    expect(metrics.getMeter('test')).toBe(createNoopMeter());
    expect(lines).toEqual([]);
  });

  it('refuses a second start by name and leaves the first one alone', async () => {
    const first = await start();

    await expect(start()).rejects.toThrow(BenchlabError);
    await expect(start()).rejects.toThrow(/already started/);

    expect(trace.getTracer('test').startSpan('recorded').isRecording()).toBe(true);
    expect(await page(first)).toContain('target_info');
  });

  it('starts one of two that start at the same time', async () => {
    const results = await Promise.allSettled([
      start({ otlp: { endpoint: deadEndpoint } }),
      start({ otlp: { endpoint: deadEndpoint } }),
    ]);

    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('stops everything again when a receiver does not start', async () => {
    const fine = receiver();
    const broken = receiver({ start: new BenchlabError('NO_BOARD', 'No board.', 'Plug one in.') });

    await expect(start({ receivers: [fine, broken] })).rejects.toMatchObject({ code: 'NO_BOARD' });

    expect([fine.calls, broken.calls]).toEqual([
      ['start', 'stop'],
      ['start', 'stop'],
    ]);
    await expectNothingRuns();
  });

  it('refuses a bad option before anything runs', async () => {
    await expect(start({ metricsPage: { port: -1 } })).rejects.toMatchObject({ code: 'BAD_OPTION' });
    await expectNothingRuns();
  });

  it('logs once that the collector is missing, counts the lost spans, and ends in time', async () => {
    const telemetry = await start({ otlp: { endpoint: deadEndpoint }, shutdownTimeoutMs: 5000 });
    for (let k = 0; k < 10; k++) span('lost');
    await telemetry.flush();
    span('lost');
    const before = performance.now();

    const report = await telemetry.shutdown();

    expect(performance.now() - before).toBeLessThan(8000);
    expect(report).toEqual({ droppedSpans: 11, timedOut: false });
    expect(warnings(), JSON.stringify(warnings())).toHaveLength(1);
    expect(warnings()[0]?.msg).toContain(deadEndpoint);
    expect(warnings()[0]?.msg).toContain('OTEL_TRACES_EXPORTER=none');
  });

  it('loses nothing while a collector restarts, and shows on the page what happened to the spans', async () => {
    let sink = await collector();
    const { endpoint } = sink;
    const telemetry = await start({ otlp: { endpoint }, env: { OTEL_BSP_SCHEDULE_DELAY: '10' } });
    span('before');
    await expect.poll(() => sink?.traces.length).toBe(1);
    await sink.close();
    for (let k = 0; k < 10; k++) span('meanwhile');
    await expect.poll(() => warnings().length, { timeout: 5000 }).toBeGreaterThan(0);
    expect(await page(telemetry)).toMatch(/^otel_sdk_exporter_span_inflight\{.*\} 10$/m);

    sink = await collector(Number(new URL(endpoint).port));
    await expect.poll(() => sink?.traces.some((bytes) => bytes.includes('meanwhile')), { timeout: 12_000 }).toBe(true);
    await telemetry.flush();

    const text = await page(telemetry);
    expect(text).toMatch(/^otel_sdk_processor_span_processed_total\{[^}]*processor\/0"[^}]*\} 11$/m);
    expect(text).toMatch(/^otel_sdk_exporter_span_exported_total\{[^}]*exporter\/0"[^}]*\} 11$/m);
    expect(text).toMatch(/^otel_sdk_processor_span_processed_total\{.*error_type="queue_full".*\} 0$/m);
    expect(text).toContain('otel_sdk_exporter_operation_duration_seconds_bucket');
    expect(text).toContain('benchlab_spans_unfinished_total');
    expect(await telemetry.shutdown()).toEqual({ droppedSpans: 0, timedOut: false });
  });

  it('ends in time with a collector that accepts connections and never answers', async () => {
    const sockets: Socket[] = [];
    const silent = createTcpServer((socket) => void sockets.push(socket.on('error', () => {})));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const telemetry = await start({ otlp: { endpoint, timeoutMs: 30_000 }, shutdownTimeoutMs: 300 });
    span('lost');
    const before = performance.now();

    const report = await telemetry.shutdown();

    expect(performance.now() - before).toBeLessThan(8000);
    expect(report).toEqual({ droppedSpans: 1, timedOut: true });
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('exports the spans although an enricher never answers', async () => {
    const sink = await collector();
    const stuck = { name: 'stuck', spanEnded: () => new Promise<undefined>(() => {}) };
    const telemetry = await start({ otlp: { endpoint: sink.endpoint }, enrichers: [stuck], shutdownTimeoutMs: 2000 });
    span('pay');

    const report = await telemetry.shutdown();

    expect(report).toEqual({ droppedSpans: 0, timedOut: true });
    expect(sink.traces[0]?.includes('pay')).toBe(true);
  });

  it.each(['hangs', 'throws'] as const)('closes the page although a receiver %s when it is stopped', async (stop) => {
    const telemetry = await start({ receivers: [receiver({ stop })], shutdownTimeoutMs: 400 });
    const before = performance.now();

    const report = await telemetry.shutdown();

    expect(performance.now() - before).toBeLessThan(8000);
    expect(report.timedOut).toBe(stop === 'hangs');
    await expect(fetch(telemetry.metricsUrl ?? '')).rejects.toThrow();
  });

  it('counts no span as dropped where none is exported', async () => {
    const telemetry = await start({ env: { OTEL_TRACES_EXPORTER: 'none' } });
    span('kept to itself');

    expect(await telemetry.shutdown()).toEqual({ droppedSpans: 0, timedOut: false });
  });
});
