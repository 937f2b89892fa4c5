// The memory of the receiver of `benchlab-probe run` under attack.
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
      for (const name of protocolNames) await protocols[name](target, bomb);
    }
    expect((await target.figures()).received).toMatchObject({ requests: 2, refusedRequests: 4 });
  });
});
