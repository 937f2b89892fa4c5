// Requests to the receiver of `benchlab-probe run` that are too large, broken or encoded, over HTTP and gRPC.
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { oneSpan, protocolNames, protocols, receiver, statusOf } from './otlp.suite.ts';
import { field, nestedLists, repeated } from './otlpBytes.ts';

// Megabytes in each test, seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

describe.each(protocolNames)('over %s', (name) => {
  const send = protocols[name];
  const status = (http: number, grpc: string) => statusOf(name, http, grpc);

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
