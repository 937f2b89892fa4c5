// The receiver of `benchlab-probe run` under attack, over HTTP and gRPC.
import { once } from 'node:events';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type OtlpReceiver, startOtlpReceiver } from '../../packages/probe-cli/src/otlp/otlpReceiver.ts';
import { connected, framed, grpcCall, headersOf, raw, tracePath, untilClosed } from './attackers.ts';
import { field, nestedLists, repeated, spanBytes, traceRequest } from './otlpBytes.ts';
import { startTarget } from './target.ts';

// Megabytes in each test, seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

afterEach(() => void vi.useRealTimers());

interface Address {
  readonly port: number;
  readonly header: string;
}

async function receiver(): Promise<OtlpReceiver & Address> {
  const started = await startOtlpReceiver();
  onTestFinished(() => started.close());
  return Object.assign(started, { port: Number(new URL(started.endpoint).port) });
}

const startNs = BigInt(Date.now()) * 1_000_000n;
const oneSpan = (name: string, id = 1) => traceRequest([spanBytes({ name, id, startNs, endNs: startNs + 5n })]);

type Send = (to: Address, body: Buffer, headers?: Readonly<Record<string, string>>) => Promise<number | string>;

/** Sends one request with the header of the run, unless `headers` has another value for it. Resolves to the status. */
const protocols: Readonly<Record<'HTTP' | 'gRPC', Send>> = {
  async HTTP(to, body, headers = {}) {
    const all = { Host: 'localhost', 'Content-Type': 'application/x-protobuf', ...headersOf(to), ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `POST /v1/traces HTTP/1.1\r\n${lines.join('')}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    const answer = await raw(to.port, Buffer.concat([Buffer.from(head), body]));
    return Number(answer.slice(9, 12));
  },
  async gRPC(to, body, headers = {}) {
    const { Host: host, ...others } = headers;
    const all = { ...headersOf(to), ...others, ...(host === undefined ? {} : { ':authority': host }) };
    const { grpcStatus } = await grpcCall(to.port, tracePath, all, framed(body, 'grpc-encoding' in headers));
    return grpcStatus ?? 'no answer';
  },
};
const names = ['HTTP', 'gRPC'] as const;

describe.each(names)('over %s', (name) => {
  const send = protocols[name];
  const status = (http: number, grpc: string) => (name === 'HTTP' ? http : grpc);

  it('takes what has the header of the run', async () => {
    const otlp = await receiver();

    expect(await send(otlp, oneSpan('own'))).toBe(status(200, '0'));

    expect(otlp.store.spans.map((span) => span.name)).toEqual(['own']);
  });

  it.each([
    ['without the header', { 'benchlab-run': '' }, 401, '16'],
    ['with the header of another run', { 'benchlab-run': 'a'.repeat(32) }, 401, '16'],
    ['of a web page', { 'benchlab-run': '', origin: 'http://evil.example' }, 401, '16'],
    ['to another host', { 'benchlab-run': '', Host: 'evil.example:4318' }, 401, '16'],
  ])('takes nothing %s, and counts it apart', async (_what, headers, http, grpc) => {
    const otlp = await receiver();

    expect(await send(otlp, oneSpan('foreign'), headers)).toBe(status(http, grpc));

    expect(otlp.store.spans).toEqual([]);
    expect(otlp.store.received).toMatchObject({ requests: 0, refusedRequests: 0, strangerRequests: 1 });
  });

  it.each([
    ['of a web page', { origin: 'http://evil.example' }],
    ['of a web page of this host', { origin: 'http://localhost' }],
    ['to another host', { Host: 'evil.example:4318' }],
    ['to a host that only looks like this one', { Host: '127.0.0.1.evil.example' }],
  ])('refuses what has the header of the run but is %s, and counts it as missing', async (_what, headers) => {
    const otlp = await receiver();

    expect(await send(otlp, oneSpan('own'), headers)).toBe(status(403, '7'));

    expect(otlp.store.spans).toEqual([]);
    const counts = { refusedRequests: 1, refusedSpanRequests: 1, foreignRequests: 1, strangerRequests: 0 };
    expect(otlp.store.received).toMatchObject({ requests: 0, ...counts });
  });

  it('a stranger is not a sign of life, for which the end of the run would wait', async () => {
    const otlp = await receiver();
    const before = otlp.lastActivityNs;

    await send(otlp, oneSpan('foreign'), { 'benchlab-run': '' });

    expect(otlp.lastActivityNs).toBe(before);
  });

  const compressed = name === 'HTTP' ? 'content-encoding' : 'grpc-encoding';
  it.each([
    ['more than 16 MiB', Buffer.alloc(16 * 2 ** 20 + 1), {}, 413, '8'],
    ['gzip of more than 16 MiB', gzipSync(Buffer.alloc(16 * 2 ** 20 + 1)), { [compressed]: 'gzip' }, 413, '8'],
    ['bytes that are not gzip', Buffer.from('not gzip'), { [compressed]: 'gzip' }, 400, '3'],
    ['gzip that is cut', gzipSync(oneSpan('cut')).subarray(0, 20), { [compressed]: 'gzip' }, 400, '3'],
    ['an unknown encoding', oneSpan('x'), { [compressed]: 'br' }, 415, '12'],
    ['bytes that are not a request', Buffer.from([0x0a, 0xff, 0xff, 0x01, 0x02]), {}, 400, '3'],
    ['a number where a message must be', Buffer.from([0x08, 0x01]), {}, 400, '3'],
    ['a group', Buffer.from([0x0b, 0x0c]), {}, 400, '3'],
    ['a number without an end', Buffer.alloc(20, 0xff), {}, 400, '3'],
    ['empty spans', field(1, field(2, repeated(field(2), 300_000))), {}, 413, '8'],
    ['empty attributes', field(1, field(2, field(2, repeated(field(9), 110_000)))), {}, 413, '8'],
    ['empty names', field(1, field(2, field(2, repeated(field(5), 1_200_001)))), {}, 413, '8'],
    ['empty scopes', field(1, repeated(field(2), 300_000)), {}, 413, '8'],
    ['empty resources', repeated(field(1), 300_001), {}, 413, '8'],
    ['a large resource', field(1, field(1, repeated(field(1), 3_000)), field(2, field(2))), {}, 413, '8'],
    [
      'a resource with a long text',
      field(1, field(1, field(1, Buffer.alloc(300_000))), field(2, field(2))),
      {},
      413,
      '8',
    ],
    ['lists in 40 lists', field(1, field(2, field(2, field(9, field(2, nestedLists(40)))))), {}, 413, '8'],
    [
      'lists in 100,000 lists',
      field(1, field(2, field(2, field(9, field(2, repeated(Buffer.from([0x2a, 0x0a]), 9)))))),
      {},
      400,
      '3',
    ],
  ])('refuses and counts %s', async (_what, body, headers, http, grpc) => {
    const otlp = await receiver();

    expect(await send(otlp, body, headers)).toBe(status(http, grpc));

    expect(otlp.store.received).toMatchObject({ requests: 0, refusedRequests: 1, refusedSpanRequests: 1, spans: 0 });
    // The next request is taken.
    expect(await send(otlp, oneSpan('next'))).toBe(status(200, '0'));
  });

  it('takes gzip and deflate', async () => {
    const otlp = await receiver();

    expect(await send(otlp, gzipSync(oneSpan('gzip', 1)), { [compressed]: 'gzip' })).toBe(status(200, '0'));
    expect(await send(otlp, deflateSync(oneSpan('deflate', 2)), { [compressed]: 'deflate' })).toBe(status(200, '0'));

    expect(otlp.store.spans.map((span) => span.name)).toEqual(['gzip', 'deflate']);
  });

  it.each([
    ['GZIP', gzipSync],
    ['x-gzip', gzipSync],
    ['Deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['Identity', (bytes: Buffer) => bytes],
    ['', (bytes: Buffer) => bytes],
  ])('takes the encoding %j', async (encoding, encode) => {
    const otlp = await receiver();

    expect(await send(otlp, encode(oneSpan('own')), { [compressed]: encoding })).toBe(status(200, '0'));

    expect(otlp.store.received).toMatchObject({ spans: 1, refusedRequests: 0 });
  });

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

describe('JSON', () => {
  const json = { 'Content-Type': 'application/json' };
  it.each([
    ['objects', `{"resourceSpans":[${'{},'.repeat(150_000)}{}]}`, 413],
    ['numbers', `{"resourceSpans":[${'0,'.repeat(600_001)}0]}`, 413],
    ['depth', `{"a":${'['.repeat(200)}${']'.repeat(200)}}`, 413],
    ['a text that never ends', `{"a":"${'\\"'.repeat(1000)}`, 400],
    ['closing brackets alone', ']'.repeat(1000), 400],
    ['a number', '5', 400],
    ['null', 'null', 400],
  ])('is bounded in %s before it is parsed', async (_what, text, status) => {
    const otlp = await receiver();

    expect(await protocols.HTTP(otlp, Buffer.from(text), json)).toBe(status);

    expect(otlp.store.received).toMatchObject({ requests: 0, refusedRequests: 1 });
  });

  it('counts brackets within texts as text', async () => {
    const otlp = await receiver();
    const text = `{"resourceSpans":[],"a":"${'[{\\",\\\\'.repeat(200_000)}"}`;

    expect(await protocols.HTTP(otlp, Buffer.from(text), json)).toBe(200);
  });
});

describe('memory of the receiver', () => {
  it('of requests under way is bounded: 40 requests of 15 MB that never end', async () => {
    const target = await startTarget('otlp', [], 500);
    const head = [
      'POST /v1/traces HTTP/1.1',
      'Host: localhost',
      target.header.replace('=', ': '),
      'Content-Type: application/x-protobuf',
      `Content-Length: ${16 * 2 ** 20}`,
    ];
    const chunk = Buffer.alloc(15 * 2 ** 20, 10);
    const answers: (() => string)[] = [];
    for (let n = 0; n < 40; n++) {
      const socket = await connected(target.port);
      let text = '';
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1');
      });
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      await new Promise((resolve) => socket.write(chunk, resolve));
      answers.push(() => text.slice(9, 12));
    }
    // Counted by the receiver: an answer can be lost where the connection ends with unread bytes.
    await expect
      .poll(async () => (await target.figures()).received.refusedRequests, { timeout: 60_000 })
      .toBeGreaterThan(30);
    expect(answers.some((text) => text() === '503')).toBe(true);

    expect((await target.figures()).mostMb).toBeLessThan(400);
    expect(await protocols.HTTP(target, oneSpan('small'))).toBe(200);
  });

  it('is bounded for strangers, of whose requests nothing is read', async () => {
    const target = await startTarget('otlp', [], 400);
    const chunk = Buffer.alloc(15 * 2 ** 20, 10);
    for (let n = 0; n < 20; n++) await protocols.HTTP({ ...target, header: 'benchlab-run=x' }, chunk);

    expect(await target.figures()).toMatchObject({
      received: { requests: 0, refusedRequests: 0, strangerRequests: 20 },
    });
  });

  it('is bounded for small requests that become large', async () => {
    const target = await startTarget('otlp', [], 500);
    const bombs = [
      field(1, field(2, repeated(field(2), 8_000_000))),
      field(1, field(2, field(2, repeated(field(9), 8_000_000)))),
      field(1, field(2, repeated(field(2), 250_000))),
    ];
    for (const bomb of bombs) {
      for (const name of names) await protocols[name](target, bomb);
    }
    expect((await target.figures()).received).toMatchObject({ requests: 2, refusedRequests: 4 });
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

/** Lets the event loop run until then. Independent of clocks that a test turns. */
async function turnsUntil(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000 && !isSo(); turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(isSo()).toBe(true);
}

describe('connections to the receiver', () => {
  it('leave nothing behind, also when requests of strangers waited for their answers', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const otlp = await receiver();
    const request = 'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n';

    for (const [clients, count] of [10, 20].entries()) {
      const socket = await connected(otlp.port);
      socket.write(request.repeat(count));
      await turnsUntil(() => otlp.store.received.strangerRequests > clients * 10);
      socket.destroy();
    }

    // What keeps a request beyond the end of its connection is a timer.
    await turnsUntil(() => vi.getTimerCount() === 0);
  });

  it('of strangers end with the first refusal, however many requests follow', async () => {
    const otlp = await receiver();
    const request = 'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n';

    const answer = await raw(otlp.port, request.repeat(5));

    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(otlp.store.received.strangerRequests).toBe(5);
  });

  it('that strangers hold do not keep the program out; closed ones are counted, and those of the program are not', async () => {
    const otlp = await receiver();
    const own = await connected(otlp.port);
    own.write(`GET /v1/traces HTTP/1.1\r\nHost: localhost\r\n${otlp.header.replace('=', ': ')}\r\n\r\n`);
    await once(own, 'data');
    own.removeAllListeners('data');
    own.resume();

    const holders = [];
    for (let n = 0; n < 300; n++) holders.push(await connected(otlp.port));
    expect(await protocols.HTTP(otlp, oneSpan('one', 1))).toBe(200);
    expect(await protocols.gRPC(otlp, oneSpan('two', 2))).toBe('0');

    expect(otlp.store.spans).toHaveLength(2);
    expect(otlp.closedUnproven).toBeGreaterThan(40);
    expect(otlp.closedProven).toBe(0);
  });

  it.each([
    ['that sends nothing', 10_000, 1, () => ''],
    ['that sends half a preface', 10_000, 1, () => 'PR'],
    ['that sends a preface and no request', 10_000, 1, () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['that never ends its headers', 10_000, 1, () => 'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nX: '],
    [
      'that never ends its body',
      30_000,
      // One of the connection, one of the body.
      2,
      (header: string) =>
        `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\n${header}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`,
    ],
  ])('one %s is closed after %d ms', async (_what, afterMs, timers, bytes) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const otlp = await receiver();
    const socket = await connected(otlp.port);
    const closed = untilClosed(socket);
    socket.write(bytes(otlp.header.replace('=', ': ')));
    await turnsUntil(() => vi.getTimerCount() === timers);
    vi.advanceTimersByTime(afterMs - 100);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(socket.closed).toBe(false);

    vi.advanceTimersByTime(200);

    await closed;
    expect(otlp.store.received.requests).toBe(0);
  });
});
