import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { counted, spanned, timed } from '@benchlab-otel/sdk';
import { metrics, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import type { Telemetry, TelemetryOptions } from '../config/telemetryOptions.ts';
import { receiver, span, telemetryRig } from './telemetryRig.suite.ts';

const { start, collector, lines, warnings, expectNothingRuns } = telemetryRig();

describe('the page of startTelemetry', () => {
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
    const sink = await collector();
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

  it('starts without a page where another process of the program has the port that they share', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const env = { PROMETHEUS_PORT: String(port), TELEMETRY_METRICS_PORT_SHARED: 'true' };
    const telemetry = await start({ metricsPage: {}, env });

    expect(telemetry.metricsUrl).toBeUndefined();
    expect(warnings()[0]?.msg).toMatch(/^There is no metrics page: .* is in use \(set by PROMETHEUS_PORT\)\./);
    await telemetry.shutdown();
    // An option is of one process.
    await expect(start({ metricsPage: { port }, env })).rejects.toThrow('set by metricsPage.port');
    server.close();
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
});
