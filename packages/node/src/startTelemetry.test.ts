import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchlabError, metric, type Receiver, type Sample, type SampleConsumer } from '@benchlab-otel/core';
import { boundMetric, counted, inFlight, recordMetric, spanned, timed } from '@benchlab-otel/sdk';
import { context, createNoopMeter, diag, metrics, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Telemetry, TelemetryOptions } from './config/telemetryOptions.ts';
import { type OtlpSink, otlpSink } from './export/otlpSink.suite.ts';
import { startTelemetry } from './startTelemetry.ts';

// Port 1 of the loopback: nothing listens there, and a connection is refused at once.
const deadEndpoint = 'http://127.0.0.1:1';
const hourMs = 3_600_000;

let started: Telemetry[];
let lines: string[];
let sink: OtlpSink | undefined;

beforeEach(() => {
  started = [];
  lines = [];
});

afterEach(async () => {
  await Promise.all(started.map((telemetry) => telemetry.shutdown()));
  await sink?.close();
  sink = undefined;
});

/** Starts on free ports, without the environment of this process, and stops after the test. */
async function start(options: TelemetryOptions = {}): Promise<Telemetry> {
  const telemetry = await startTelemetry({
    env: {},
    otlp: false,
    metricsPage: { port: 0 },
    metricExportIntervalMs: hourMs,
    log: { destination: { write: (line) => void lines.push(line) } },
    ...options,
  });
  started.push(telemetry);
  return telemetry;
}

const span = (name: string) => trace.getTracer('test').startSpan(name).end();
const page = async (telemetry: Telemetry) => (await fetch(telemetry.metricsUrl ?? '')).text();
const warnings = () =>
  lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line.level === 'warn');

const source = { id: 'meter', name: 'Meter', simulated: true, attributes: {} };
const sample: Sample = { source, timeNs: 1, uncertaintyNs: 0, readings: [] };

/** A receiver that sends one sample when it starts. */
function receiver(faults: { start?: Error; stop?: 'hangs' | 'throws' } = {}): Receiver & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    name: 'test',
    calls,
    async start(consumer: SampleConsumer) {
      calls.push('start');
      if (faults.start) throw faults.start;
      consumer.polled?.({ receiver: 'test', outcome: 'success', durationNs: 1, missed: 0 });
      consumer.sample(sample);
    },
    stop() {
      calls.push('stop');
      if (faults.stop === 'throws') throw new Error('stuck');
      return faults.stop === 'hangs' ? new Promise(() => {}) : Promise.resolve();
    },
  };
}

/** Nothing that a start registers or opens is left, so that another start succeeds. */
async function expectNothingRuns(): Promise<void> {
  expect(trace.getTracer('test').startSpan('not recorded').isRecording()).toBe(false);
  await (await start()).shutdown();
}

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

  it('sends to a Unix socket, without TLS', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'otlp-'));
    sink = await otlpSink(`unix:${folder}/otlp.sock`);
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

  it('names a metric whose callback never answers, in a metric and once in the log', async () => {
    const telemetry = await start({ metricsPage: { port: 0 } });
    metrics
      .getMeter('app')
      .createObservableGauge('db.pool')
      .addCallback(() => new Promise(() => {}));
    metrics.getMeter('app').createCounter('good').add(1);
    const scrape = { headers: { 'x-prometheus-scrape-timeout-seconds': '0.4' } };

    for (let turn = 0; turn < 2; turn++) await fetch(telemetry.metricsUrl ?? '', scrape);
    const text = await (await fetch(telemetry.metricsUrl ?? '', scrape)).text();

    expect(text).toContain('good_total 1');
    expect(text).toMatch(/^benchlab_callbacks_unanswered_total\{.*db\.pool.*\} [23]$/m);
  });

  it('sends exponential histograms where the variable asks for them, and shows buckets on the page', async () => {
    sink = await otlpSink();
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

  it('sends spans and metrics to the collector and shows the metrics on its page', async () => {
    sink = await otlpSink();
    const telemetry = await start({
      serviceName: 'checkout',
      otlp: { endpoint: sink.endpoint, headers: { authorization: 'Bearer token' } },
    });

    span('pay');
    metrics.getMeter('test').createCounter('orders').add(3);
    const text = await page(telemetry);
    const report = await telemetry.shutdown();

    expect(report).toEqual({ droppedSpans: 0, timedOut: false });
    expect(sink.traces[0]?.includes('pay')).toBe(true);
    expect(sink.traces[0]?.includes('checkout')).toBe(true);
    expect(sink.metrics[0]?.includes('orders')).toBe(true);
    expect(sink.headers[0]).toMatchObject({ authorization: 'Bearer token' });
    expect(text).toContain('orders_total 3');
    expect(lines.join('')).not.toContain('Bearer token');
  });

  it('exports spans that have ended when it is flushed', async () => {
    sink = await otlpSink();
    const telemetry = await start({ otlp: { endpoint: sink.endpoint } });

    span('pay');
    await telemetry.flush();

    expect(sink.traces[0]?.includes('pay')).toBe(true);
  });

  it('puts the environment on every metric point of both paths and into the resource, only when there is one', async () => {
    sink = await otlpSink();
    for (const environment of ['offline-7', undefined]) {
      const env = environment === undefined ? {} : { TELEMETRY_ENVIRONMENT: environment };
      const telemetry = await start({ otlp: { endpoint: sink.endpoint }, env, receivers: [receiver()] });
      metrics.getMeter('test').createCounter('orders').add(1);

      const text = await page(telemetry);
      await telemetry.shutdown();

      const label = 'environment="offline-7"';
      expect(/^orders_total\{.*\} 1$/m.exec(text)?.[0].includes(label) ?? false).toBe(environment !== undefined);
      expect(/^benchlab_receiver_polls_total\{.*\} 1$/m.exec(text)?.[0].includes(label)).toBe(
        environment !== undefined,
      );
      const sent = sink.metrics.at(-1)?.toString('latin1') ?? '';
      // It is on the resource and on every point: of the counter and of the receiver.
      const times = sent.split('offline-7').length - 1;
      if (environment === undefined) expect(times).toBe(0);
      else expect(times).toBeGreaterThanOrEqual(3);
      expect(sent.includes('deployment.environment.name')).toBe(environment !== undefined);
    }
  });

  it('keeps async context and propagates it as W3C trace context', async () => {
    await start();

    await trace.getTracer('test').startActiveSpan('outer', async (outer) => {
      await new Promise((resolve) => setImmediate(resolve));
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      const { traceId, spanId } = outer.spanContext();
      expect(carrier.traceparent).toBe(`00-${traceId}-${spanId}-01`);
      outer.end();
    });
  });

  it('feeds its receivers to the metrics and to further consumers', async () => {
    const got: Sample[] = [];
    const one = receiver();

    const telemetry = await start({
      receivers: [one],
      consumers: [{ sample: (each) => void got.push(each), lost: () => {} }],
    });

    expect(got).toEqual([sample]);
    expect(await page(telemetry)).toContain('benchlab_receiver_polls_total');
    await telemetry.shutdown();
    expect(one.calls).toEqual(['start', 'stop']);
  });

  it('runs enrichers over spans and resource', async () => {
    sink = await otlpSink();
    const enricher = {
      name: 'test',
      resource: () => ({ bench: 'rig-07' }),
      spanEnded: async () => ({ joules: 'many' }),
    };
    const telemetry = await start({ otlp: { endpoint: sink.endpoint }, enrichers: [enricher] });

    span('pay');
    await telemetry.shutdown();

    for (const part of ['bench', 'rig-07', 'joules', 'many']) expect(sink.traces[0]?.includes(part)).toBe(true);
  });

  it('shows the spans of timed and counted calls in OpenMetrics, unless exemplars are off', async () => {
    const openMetrics = async (telemetry: Telemetry) =>
      (await fetch(telemetry.metricsUrl ?? '', { headers: { accept: 'application/openmetrics-text' } })).text();
    const spanIds: (string | undefined)[] = [];
    const work = async () => void spanIds.push(trace.getActiveSpan()?.spanContext().spanId);
    const run = () => spanned('pay', timed('pay.duration', counted('pays', work)))();
    const telemetry = await start();
    await run();
    const text = await openMetrics(telemetry);
    expect(text).toMatch(
      new RegExp(`^pay_duration_seconds_bucket.* 1 # {trace_id="\\w{32}",span_id="${spanIds[0]}"}`, 'm'),
    );
    expect(text).toMatch(new RegExp(`^pays_total.* 1 # {trace_id="\\w{32}",span_id="${spanIds[0]}"} 1 `, 'm'));
    await telemetry.shutdown();

    const without = await start({ exemplars: false });
    await run();
    expect(await openMetrics(without)).toMatch(/^pays_total\S+ 1$/m);
  });

  it('shows calls and recorded metrics at each scrape, sends them when it ends, and the next telemetry begins at 0', async () => {
    let finish = () => {};
    const payment = () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      });
    const work = timed('pay.duration', inFlight('pay.busy', counted('pays', payment)));
    const orders = boundMetric({ ...metric.benchlabCalls, name: 'orders', attributes: ['tier'] }, { tier: 'gold' });
    const run = () => {
      orders(2);
      recordMetric({ ...metric.benchlabCalls, name: 'orders', attributes: ['tier'] }, 1, { tier: 'gold' });
      return work();
    };
    sink = await otlpSink();
    for (let life = 0; life < 2; life++) {
      const telemetry = await start({ otlp: { endpoint: sink.endpoint } });
      for (const calls of [1, 2]) {
        const running = run();
        expect(await page(telemetry)).toMatch(/^pay_busy\{\S+ 1$/m);
        finish();
        await running;
        const text = await page(telemetry);
        expect(text).toMatch(/^pay_busy\{\S+ 0$/m);
        expect(text).toMatch(new RegExp(`^pays_total\\{\\S+ ${calls}$`, 'm'));
        expect(text).toMatch(new RegExp(`^pay_duration_seconds_count\\{\\S+ ${calls}$`, 'm'));
        expect(text).toMatch(new RegExp(`^orders_total\\{tier="gold"\\} ${3 * calls}$`, 'm'));
      }
      await telemetry.shutdown();
    }
    const names = ['pay.duration', 'pay.busy', 'pays', 'orders'];
    expect(sink.metrics.map((sent) => names.every((name) => sent.includes(name)))).toEqual([true, true]);
  });

  it('opens no page to the network without a token', async () => {
    await expect(start({ metricsPage: { port: 0, host: '0.0.0.0' } })).rejects.toMatchObject({
      code: 'PAGE_UNPROTECTED',
    });
    const telemetry = await start({
      metricsPage: { port: 0, host: '0.0.0.0' },
      env: { TELEMETRY_METRICS_TOKEN: 's3cret' },
    });
    const url = telemetry.metricsUrl?.replace('0.0.0.0', '127.0.0.1') ?? '';
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: 'Bearer s3cret' } })).status).toBe(200);
    expect(lines.join()).not.toContain('s3cret');
  });

  it.each<[string, TelemetryOptions]>([
    ['TELEMETRY_METRICS_TOKEN_FILE', { env: { TELEMETRY_METRICS_TOKEN_FILE: '/does/not/exist' } }],
    ['metricsPage.tokenFile', { metricsPage: { port: 0, tokenFile: '/does/not/exist' } }],
    [
      'metricsPage.tls.certFile',
      { metricsPage: { port: 0, tls: { certFile: '/does/not/exist', keyFile: '/dev/null' } } },
    ],
    // 192.0.2.0/24 is for documentation (RFC 5737); no interface has an address of it.
    ['metricsPage.host', { metricsPage: { port: 0, host: '192.0.2.1', token: 's3cret' } }],
    [
      'OTEL_EXPORTER_PROMETHEUS_HOST',
      { env: { OTEL_EXPORTER_PROMETHEUS_HOST: '192.0.2.1', TELEMETRY_METRICS_TOKEN: 's3cret' } },
    ],
  ])('names %s, as the user wrote it, where the page cannot open with its value', async (name, options) => {
    const failed = start(options);
    await expect(failed).rejects.toMatchObject({ code: 'BAD_OPTION', option: name });
    await expect(failed).rejects.toThrow(`${name} is "`);
    await expectNothingRuns();
  });

  it('answers scrapes in a server of the application', async () => {
    const telemetry = await start({ metricsPage: false });
    metrics.getMeter('test').createCounter('orders').add(1);
    const server = createServer((request, response) => telemetry.metricsHandler(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mine`);

    expect(telemetry.metricsUrl).toBeUndefined();
    expect(await answer.text()).toContain('orders_total 1');
    server.close();
  });

  it('collects for a page without scrapes at each export, so that the SDK does not keep data for it', async () => {
    sink = await otlpSink();
    const telemetry = await start({ otlp: { endpoint: sink.endpoint } });
    let reads = 0;
    const gauge = metrics.getMeter('test').createObservableGauge('load');
    gauge.addCallback(() => void reads++);

    await telemetry.flush();

    expect(reads).toBe(2);
  });

  it('closes the page when it is shut down, and may be shut down twice', async () => {
    const telemetry = await start();
    const port = Number(new URL(telemetry.metricsUrl ?? '').port);

    const [first, second] = await Promise.all([telemetry.shutdown(), telemetry.shutdown()]);

    expect(first).toBe(second);
    const socket = connect(port, '127.0.0.1');
    await expect(
      new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject)),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expectNothingRuns();
  });

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

  it('names the port that is in use, and leaves nothing running', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const unused = receiver();

    const failed = start({ metricsPage: { port }, receivers: [unused] });

    await expect(failed).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    await expect(failed).rejects.toThrow(
      `port ${port} on 127.0.0.1 is in use (set by metricsPage.port). Stop the process that uses it, or set another port by metricsPage.port, OTEL_EXPORTER_PROMETHEUS_PORT or PROMETHEUS_PORT`,
    );
    expect(unused.calls).toEqual([]);
    await expectNothingRuns();
    server.close();
  });

  it('starts without a page where another service has the default port, and warns of it', async () => {
    const server = createServer();
    const isOurs = await new Promise<boolean>((resolve) =>
      server.on('error', () => resolve(false)).listen(9464, '127.0.0.1', () => resolve(true)),
    ); // either way the port is in use now
    const telemetry = await start({ metricsPage: {} });

    expect(telemetry.metricsUrl).toBeUndefined();
    expect(warnings()[0]?.msg).toMatch(
      /^There is no metrics page: .*port 9464 on 127\.0\.0\.1 is in use \(the default\)\./,
    );
    span('is made');
    expect((await telemetry.shutdown()).droppedSpans).toBe(0);
    if (isOurs) server.close();
  });

  it('refuses a port of the environment that is in use, by the name of its variable', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(start({ metricsPage: {}, env: { PROMETHEUS_PORT: String(port) } })).rejects.toThrow(
      'set by PROMETHEUS_PORT',
    );
    server.close();
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
    sink = await otlpSink();
    const { endpoint } = sink;
    const telemetry = await start({ otlp: { endpoint }, env: { OTEL_BSP_SCHEDULE_DELAY: '10' } });
    span('before');
    await expect.poll(() => sink?.traces.length).toBe(1);
    await sink.close();
    for (let k = 0; k < 10; k++) span('meanwhile');
    await expect.poll(() => warnings().length, { timeout: 5000 }).toBeGreaterThan(0);
    expect(await page(telemetry)).toMatch(/^otel_sdk_exporter_span_inflight\{.*\} 10$/m);

    sink = await otlpSink(Number(new URL(endpoint).port));
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
    sink = await otlpSink();
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
