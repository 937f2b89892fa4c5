// The memory of the receiver of `benchlab-probe run` under attack.
import type { Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { connected } from './attackers.ts';
import { oneSpan, protocolNames, protocols } from './otlp.suite.ts';
import { field, repeated } from './otlpBytes.ts';
import { startTarget } from './target.ts';

// Megabytes in each test, seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

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
    const sockets: Socket[] = [];
    for (let n = 0; n < 40; n++) {
      const socket = await connected(target.port);
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      socket.write(chunk);
      sockets.push(socket);
    }
    const unsent = () => sockets.reduce((sum, { writableLength }) => sum + writableLength, 0);
    // Held back, not refused: these clients wait for the receiver to read on.
    let before = Number.POSITIVE_INFINITY;
    for (let looks = 0; looks < 20; looks = unsent() < before ? 0 : looks + 1) {
      before = unsent();
      await target.figures();
    }
    expect(unsent()).toBeGreaterThan(20 * chunk.length);
    expect(await target.figures()).toMatchObject({ received: { requests: 0, refusedRequests: 0 } });

    for (const socket of sockets) socket.destroy();

    expect(await protocols.HTTP(target, oneSpan('small'))).toBe(200);
    expect((await target.figures()).mostMb).toBeLessThan(400);
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
      for (const name of protocolNames) await protocols[name](target, bomb);
    }
    expect((await target.figures()).received).toMatchObject({ requests: 2, refusedRequests: 4 });
  });
});
