// Large requests to the receiver of `benchlab-probe run`, which are decoded in pieces.
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { framed, grpcCall, headersOf } from './attackers.ts';
import { protocolNames, protocols, receiver, startNs, statusOf } from './otlp.suite.ts';
import { field, repeated, spanBytes, traceRequest } from './otlpBytes.ts';
import { startTarget } from './target.ts';

// Megabytes in each test, seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

describe.each(protocolNames)('over %s', (name) => {
  const send = protocols[name];
  const status = (http: number, grpc: string) => statusOf(name, http, grpc);

  it('takes a batch of 8,192 spans with 16 attributes in pieces, between which the event loop runs', async () => {
    const otlp = await receiver();
    const spans = Array.from({ length: 8192 }, (_, id) =>
      spanBytes({ name: 'batch', id, startNs, endNs: startNs + 5n, attributes: 16 }),
    );
    let turns = 0;
    let spansAtTurn = 0;
    const timer = setInterval(() => {
      if (otlp.store.spans.length > spansAtTurn) turns++;
      spansAtTurn = otlp.store.spans.length;
    });
    onTestFinished(() => clearInterval(timer));

    expect(await send(otlp, traceRequest(spans))).toBe(status(200, '0'));

    expect(otlp.store.received).toMatchObject({ requests: 1, spans: 8192, refusedRequests: 0 });
    expect(Object.keys(otlp.store.spans[8191]?.attributes ?? {})).toHaveLength(16);
    // 885,000 messages and fields, in pieces of 20,000: fewer turns than pieces, because a timer fires every millisecond.
    expect(turns).toBeGreaterThan(5);
  });

  it('keeps the resource and the scope of each span, however the request is cut', async () => {
    const otlp = await receiver();
    const resource = (text: string) =>
      field(1, field(1, field(1, Buffer.from('service.name')), field(2, field(1, Buffer.from(text)))));
    const scope = (text: string) => field(1, field(1, Buffer.from(text)));
    let id = 0;
    const spans = (text: string) =>
      Array.from({ length: 300 }, () =>
        field(2, spanBytes({ name: text, id: id++, startNs, endNs: startNs + 5n, attributes: 8 })),
      );
    // The resource stands after the scopes, which protobuf allows.
    const of = (service: string) =>
      field(1, ...['a', 'b'].map((text) => field(2, scope(text), ...spans(`${service} ${text}`))), resource(service));

    await send(otlp, Buffer.concat([of('shop'), of('till')]));

    expect(otlp.store.spans).toHaveLength(1200);
    for (const span of otlp.store.spans) {
      expect(`${span.resource['service.name']} ${span.scope.name}`).toBe(span.name);
    }
  });
});

it('the most expensive requests do not keep the event loop, which reads the board, for seconds', async () => {
  const target = await startTarget('otlp', [], 500);
  const span = (id: number) => spanBytes({ name: 'batch', id, startNs, endNs: startNs + 5n, attributes: 16 });
  const histogram = field(9, field(1, field(6, Buffer.alloc(8 * 100_000, 1))));
  const bodies = [
    traceRequest(Array.from({ length: 8192 }, (_, id) => span(id))),
    field(1, field(2, field(2, repeated(field(9), 90_000)))),
    field(1, field(2, repeated(field(2), 290_000))),
    field(1, field(2, repeated(field(2), 4_000_000))),
    Buffer.concat([field(1, field(2, repeated(field(2), 290_000))), Buffer.from([0x0a])]),
  ];
  const gzip = { 'Content-Encoding': 'gzip' };
  await target.figures();

  for (const body of bodies) await protocols.HTTP(target, gzipSync(body), gzip);
  await grpcCall(
    target.port,
    '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
    headersOf(target),
    framed(field(1, field(2, field(2, histogram)))),
  );

  const { received, mostBusyMs } = await target.figures();
  expect(received).toMatchObject({ requests: 4, refusedRequests: 2 });
  // Whole requests took seconds.
  // A processor that shares its cores can be several times slower than the one on which a piece takes 8 to 24 ms.
  expect(mostBusyMs).toBeLessThan(2_000);
});
