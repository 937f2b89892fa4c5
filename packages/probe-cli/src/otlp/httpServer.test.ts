import { gzipSync } from 'node:zlib';
import { systemClock, toEpochNs } from '@benchlab-otel/core';
import { startTelemetry } from '@benchlab-otel/node';
import { metrics, SpanKind } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { headerOf, oneSpan, post, receiver, start } from './otlpReceiver.suite.ts';

describe('the OTLP receiver over HTTP', () => {
  it('keeps a protobuf span exactly: ids, parent, kind, status, nanoseconds', async () => {
    const otlp = await receiver();

    const response = await post(otlp, '/v1/traces', oneSpan('charge card', start, start + 250_000_000n));

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-protobuf');
    const [span] = otlp.store.spans;
    expect(span).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      parentSpanId: '00f067aa0ba902b7',
      name: 'charge card',
      kind: SpanKind.SERVER,
      failed: true,
      attributes: { 'http.route': '/cart' },
    });
    expect(span && span.endNs - span.startNs).toBeCloseTo(250e6, -2);
    const back = span && toEpochNs(systemClock.anchor(), span.startNs);
    expect(Math.abs(Number((back ?? 0n) - start))).toBeLessThan(5e6);
    expect(span?.uncertaintyNs).toBeLessThan(0.5e6);
  });

  it('takes gzip, and refuses a body that decompresses to more than the limit', async () => {
    const otlp = await receiver();
    const gzip = { 'content-encoding': 'gzip' };

    const good = await post(otlp, '/v1/traces', gzipSync(oneSpan('zipped', start, start + 1n)), gzip);
    const bomb = await post(otlp, '/v1/traces', gzipSync(Buffer.alloc(64 * 1024 * 1024)), gzip);

    expect([good.status, bomb.status]).toEqual([200, 413]);
    expect(otlp.store.spans.map(({ name }) => name)).toEqual(['zipped']);
  });

  it('takes OTLP/JSON with hexadecimal ids', async () => {
    const otlp = await receiver();
    const span = {
      traceId: '0AF7651916CD43DD8448EB211C80319C',
      spanId: 'b7ad6b7169203331',
      name: 'from json',
      kind: 3,
      startTimeUnixNano: `${start}`,
      endTimeUnixNano: `${start + 7n}`,
    };
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });

    const response = await post(otlp, '/v1/traces', body, { 'content-type': 'application/json' });

    expect(await response.json()).toEqual({});
    expect(otlp.store.spans[0]).toMatchObject({ traceId: span.traceId.toLowerCase(), kind: SpanKind.CLIENT });
  });

  it('refuses requests that are not OTLP with the status that states why', async () => {
    const otlp = await receiver();
    const json = { 'content-type': 'application/json' };

    const statuses = await Promise.all([
      post(otlp, '/v1/nonsense', 'x'),
      fetch(`${otlp.endpoint}/v1/traces`, { headers: headerOf(otlp) }),
      post(otlp, '/v1/traces', 'x', { 'content-type': 'text/plain' }),
      post(otlp, '/v1/traces', Buffer.from([0xff, 0xff])),
      post(otlp, '/v1/traces', '{"resourceSpans": 5}', json),
      post(otlp, '/v1/traces', '{"resourceSpans": [', json),
      post(otlp, '/v1/traces', Buffer.from('not gzip'), { 'content-encoding': 'gzip' }),
      post(otlp, '/v1/traces', '[]', json),
    ]);

    expect(statuses.map(({ status }) => status)).toEqual([404, 405, 415, 400, 400, 400, 400, 400]);
    expect(otlp.store.received).toMatchObject({ requests: 0, refusedRequests: 8 });
  });

  it('keeps the metrics and log records of a stock SDK over gRPC, with their attributes', async () => {
    const otlp = await receiver();
    const telemetry = await startTelemetry({
      env: {},
      serviceName: 'shop',
      otlp: { endpoint: otlp.endpoint, headers: headerOf(otlp) },
      metricsPage: false,
      log: { level: 'silent' },
    });
    const meter = metrics.getMeter('test', '1.2');
    meter.createCounter('orders', { unit: '{order}' }).add(3, { tier: 'gold' });
    meter.createHistogram('wait', { unit: 's' }).record(0.5);
    await telemetry.shutdown();

    const points = otlp.store.metricPoints.filter(({ scope }) => scope.name === 'test');
    expect(points).toMatchObject([
      {
        name: 'orders',
        unit: '{order}',
        kind: 'sum',
        value: 3,
        isMonotonic: true,
        attributes: { tier: 'gold' },
        scope: { version: '1.2' },
      },
      { name: 'wait', unit: 's', kind: 'histogram', count: 1, sum: 0.5, min: 0.5, max: 0.5 },
    ]);
    expect(points[0]?.resource).toMatchObject({ 'service.name': 'shop' });
    expect(Math.abs((points[0]?.timeNs ?? 0) - systemClock.nowNs())).toBeLessThan(60e9);
  });

  it('counts metrics and log records', async () => {
    const otlp = await receiver();
    const metricsRequest = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'a' }, { name: 'b' }] }] }] };
    const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [{}, {}, {}] }] }] };
    const json = { 'content-type': 'application/json' };

    await post(otlp, '/v1/metrics', JSON.stringify(metricsRequest), json);
    await post(otlp, '/v1/logs', JSON.stringify(logs), json);

    expect(otlp.store.received).toMatchObject({ requests: 2, metrics: 2, logRecords: 3, spans: 0 });
  });
});
