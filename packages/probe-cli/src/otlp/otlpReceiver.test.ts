import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { systemClock, toEpochNs } from '@benchlab-otel/core';
import { startTelemetry } from '@benchlab-otel/node';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { type OtlpReceiver, type OtlpReceiverOptions, startOtlpReceiver } from './otlpReceiver.ts';

const running: OtlpReceiver[] = [];
async function receiver(options: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const started = await startOtlpReceiver(options);
  running.push(started);
  return started;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

/** An ExportTraceServiceRequest with one span, written by hand from the field numbers of the OTLP specification. */
function oneSpan(name: string, startNs: bigint, endNs: bigint, spanId = 'b7ad6b7169203331'): Buffer {
  const span = Buffer.concat([
    field(1, Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex')),
    field(2, Buffer.from(spanId, 'hex')),
    field(4, Buffer.from('00f067aa0ba902b7', 'hex')),
    field(5, Buffer.from(name)),
    Buffer.from([(6 << 3) | 0, 2]),
    fixed64(7, startNs),
    fixed64(8, endNs),
    field(9, keyValue('http.route', '/cart')),
    field(15, Buffer.from([(3 << 3) | 0, 2])),
  ]);
  return field(1, Buffer.concat([field(1, Buffer.alloc(0)), field(2, field(2, span))]));
}
/** A KeyValue of text. */
function keyValue(key: string, value: string): Buffer {
  return Buffer.concat([field(1, Buffer.from(key)), field(2, field(1, Buffer.from(value)))]);
}
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}
function fixed64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([varint((number << 3) | 1), bytes]);
}
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

type Endpoint = Pick<OtlpReceiver, 'endpoint' | 'header'>;

function headerOf({ header }: Endpoint): Record<string, string> {
  const [name = '', value = ''] = header.split('=');
  return { [name]: value };
}

function post(to: Endpoint, path: string, body: Buffer | string, headers: Record<string, string> = {}) {
  return fetch(`${to.endpoint}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-protobuf', ...headerOf(to), ...headers },
  });
}

function exportRaw(to: Endpoint, bytes: Buffer): Promise<{ code?: number; details?: string } | undefined> {
  const client = new Client(to.endpoint.replace('http://', ''), credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
  });
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headerOf(to))) metadata.set(name, value);
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      (value: Buffer) => value,
      (value: Buffer) => value,
      bytes,
      metadata,
      (error) => {
        client.close();
        resolve(error ?? undefined);
      },
    );
  });
}

// Now, and not on a whole millisecond: only near instants are exact to the nanosecond as plain numbers.
const start = (systemClock.anchor().epochNs / 1_000_000n) * 1_000_000n + 456_789n;

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

describe('the OTLP receiver at its bounds', () => {
  it('keeps spans up to its bound and counts the rest', async () => {
    const otlp = await receiver({ spans: { items: 2 } });

    for (let n = 0; n < 5; n++)
      await post(otlp, '/v1/traces', oneSpan(`s${n}`, start, start + 1n, `b7ad6b716920333${n}`));

    expect(otlp.store.spans.map(({ name }) => name)).toEqual(['s0', 's1']);
    expect(otlp.store.received.droppedSpans).toBe(3);
  });

  it('counts a span that is sent twice once', async () => {
    const otlp = await receiver();
    const request = oneSpan('once', start, start + 1n);

    await post(otlp, '/v1/traces', request);
    await post(otlp, '/v1/traces', request);

    expect(otlp.store.received).toMatchObject({ requests: 2, spans: 1, repeatedSpans: 1 });
  });

  it('counts a span that ends before it starts, or has no time, as invalid', async () => {
    const otlp = await receiver();

    await post(otlp, '/v1/traces', oneSpan('backwards', start, start - 1n));
    await post(otlp, '/v1/traces', oneSpan('timeless', 0n, 0n));

    expect(otlp.store.received).toMatchObject({ spans: 0, invalidSpans: 2 });
  });

  it('survives connections that send nothing, garbage or half a preface, and closes in their presence', async () => {
    const otlp = await receiver();
    const port = Number(new URL(otlp.endpoint).port);
    const open = await Promise.all(
      ['', 'P', 'PRI * HTTP/2.0\r\n\r\nnonsense nonsense', '\x00\x01\x02\x03'].map(
        (text) =>
          new Promise<ReturnType<typeof connect>>((resolve) => {
            const socket = connect(port, '127.0.0.1', () => {
              socket.resume();
              socket.write(text);
              resolve(socket);
            });
            socket.on('error', () => undefined);
          }),
      ),
    );

    const response = await post(otlp, '/v1/traces', oneSpan('alive', start, start + 1n));
    await otlp.close();
    await otlp.close();

    expect(response.status).toBe(200);
    await Promise.all(
      open.map((socket) => (socket.closed ? undefined : new Promise((resolve) => socket.once('close', resolve)))),
    );
  });

  it('distinguishes gRPC from HTTP when the first bytes arrive one at a time', async () => {
    const otlp = await receiver();
    const body = oneSpan('slow', start, start + 1n);
    const head = `POST /v1/traces HTTP/1.1\r\nhost: localhost\r\n${otlp.header.replace('=', ': ')}\r\ncontent-type: application/x-protobuf\r\ncontent-length: ${body.length}\r\n\r\n`;

    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(otlp.endpoint).port), '127.0.0.1', async () => {
        socket.setNoDelay(true);
        for (const byte of head.slice(0, 6)) {
          // A write that is over before the next one begins is a segment of its own.
          await new Promise<void>((done) => socket.write(byte, () => setImmediate(done)));
        }
        socket.write(head.slice(6));
        socket.write(body);
      });
      socket.once('data', (bytes) => {
        socket.destroy();
        resolve(bytes.toString());
      });
    });

    expect(answer).toMatch(/^HTTP\/1.1 200/);
    expect(otlp.store.spans.map(({ name }) => name)).toEqual(['slow']);
  });
});
