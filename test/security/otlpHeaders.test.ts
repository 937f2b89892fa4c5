// Requests to the receiver of `benchlab-probe run` whose headers Node would refuse by itself, so that nothing counts them.
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { connected, raw, untilClosed } from './attackers.ts';
import { oneSpan, protocols, receiver } from './otlp.suite.ts';

const unreadable = [
  ['that are not HTTP', 'nonsense\r\n\r\n', 400],
  ['with a line that is no header', 'GET / HTTP/1.1\r\nHost localhost\r\n\r\n', 400],
  ['of more than 16 KiB', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['with two lengths', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
] as const;

describe.each(unreadable)('headers %s', (_what, bytes, status) => {
  it(`are answered with ${status} and counted as those of a stranger, which change no verdict`, async () => {
    const otlp = await receiver();

    expect(await raw(otlp.port, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));

    expect(otlp.store.received).toMatchObject({ requests: 0, refusedRequests: 0, strangerRequests: 1 });
    expect(await protocols.HTTP(otlp, oneSpan('next'))).toBe(200);
  });

  it('count as refused on a connection that has sent the header of the run', async () => {
    const otlp = await receiver();
    const own = await connected(otlp.port);
    const body = oneSpan('own');
    own.write(
      `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\n${otlp.header.replace('=', ': ')}\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    own.write(body);
    await once(own, 'data');
    const rest = untilClosed(own);

    own.write(bytes);

    expect(await rest).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(otlp.store.received).toMatchObject({ requests: 1, refusedRequests: 1, strangerRequests: 0 });
  });
});

it.each([
  ['a stranger', '', 401, { refusedRequests: 0, strangerRequests: 1 }],
  ['the program', 'own', 400, { refusedRequests: 1, strangerRequests: 0 }],
])('a request of %s without the header Host is counted once', async (_what, own, status, counts) => {
  const otlp = await receiver();
  const header = own === '' ? '' : `${otlp.header.replace('=', ': ')}\r\n`;

  const answer = await raw(otlp.port, `POST /v1/traces HTTP/1.1\r\n${header}Content-Length: 0\r\n\r\n`);

  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(otlp.store.received).toMatchObject(counts);
});

it('a request that expects something unknown is taken like any other', async () => {
  const otlp = await receiver();

  expect(await protocols.HTTP(otlp, oneSpan('own'), { Expect: 'wonders' })).toBe(200);
  expect(await protocols.HTTP(otlp, oneSpan('foreign'), { Expect: 'wonders', 'benchlab-run': '' })).toBe(401);

  expect(otlp.store.received).toMatchObject({ requests: 1, refusedRequests: 0, strangerRequests: 1 });
});

it('a fault in the chunks of a body is counted once', async () => {
  const otlp = await receiver();
  const head = `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\n${otlp.header.replace('=', ': ')}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;

  await raw(otlp.port, `${head}nonsense\r\n`);

  expect(otlp.store.received).toMatchObject({ requests: 0, refusedRequests: 1, strangerRequests: 0 });
});

it('a connection that was only opened and closed changes no count', async () => {
  const otlp = await receiver();
  const socket = await connected(otlp.port);
  socket.end();
  await untilClosed(socket);

  expect(otlp.store.received).toMatchObject({ refusedRequests: 0, strangerRequests: 0 });
});
