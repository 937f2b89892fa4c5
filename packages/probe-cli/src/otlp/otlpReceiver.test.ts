import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { oneSpan, post, receiver, start } from './otlpReceiver.suite.ts';

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
