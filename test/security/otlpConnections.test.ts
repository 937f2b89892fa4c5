// The connections to the receiver of `benchlab-probe run` under attack.
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connected, raw, untilClosed } from './attackers.ts';
import { oneSpan, protocols, receiver, turnsUntil } from './otlp.suite.ts';

// Seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

afterEach(() => void vi.useRealTimers());

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
