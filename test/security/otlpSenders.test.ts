// From which senders the receiver of `benchlab-probe run` takes telemetry, over HTTP and gRPC.
import { describe, expect, it } from 'vitest';
import { oneSpan, protocolNames, protocols, receiver, statusOf } from './otlp.suite.ts';

describe.each(protocolNames)('over %s', (name) => {
  const send = protocols[name];
  const status = (http: number, grpc: string) => statusOf(name, http, grpc);

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
});
