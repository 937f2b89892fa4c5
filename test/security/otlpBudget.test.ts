// Requests to the receiver of `benchlab-probe run` while the bytes of others under way leave no room for them.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { SignalStore } from '@benchlab-otel/analysis';
import { systemClock } from '@benchlab-otel/core';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { serveGrpc } from '../../packages/probe-cli/src/otlp/grpcServer.ts';
import { httpServer } from '../../packages/probe-cli/src/otlp/httpServer.ts';
import { bodyMs } from '../../packages/probe-cli/src/otlp/limits.ts';
import { ReceiverParts } from '../../packages/probe-cli/src/otlp/receiverParts.ts';
import { sendersOfRun } from '../../packages/probe-cli/src/otlp/senders.ts';
import { oneSpan, protocolNames, protocols, statusOf, turnsUntil } from './otlp.suite.ts';
import { field } from './otlpBytes.ts';

vi.setConfig({ testTimeout: 120_000 });

afterEach(() => void vi.useRealTimers());

/** A receiver whose budget other requests have used up until `release`. */
async function fullReceiver(protocol: (typeof protocolNames)[number]) {
  const store = new SignalStore({ clock: systemClock });
  const parts = new ReceiverParts(store, sendersOfRun());
  const other = parts.budget.share();
  let room = other.take(1024);
  while (room === undefined) room = other.take(1024);
  const server = protocol === 'HTTP' ? httpServer(parts) : createServer((socket) => serveGrpc(parts, socket));
  server.on('connection', (socket) => parts.connections.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    parts.connections.closeAll();
  });
  const { port } = server.address() as AddressInfo;
  return {
    store,
    port,
    header: parts.senders.header,
    /** A request waits, with the other one. */
    get isHeldBack() {
      return parts.budget.waiting > 1;
    },
    release: other.release,
  };
}

describe.each(protocolNames)('over %s, a request for which there is no room', (name) => {
  it('is held back and taken when others have ended, and does not count as refused', async () => {
    const otlp = await fullReceiver(name);

    const answer = protocols[name](otlp, oneSpan('patient'));
    await turnsUntil(() => otlp.isHeldBack);
    otlp.release();

    expect(await answer).toBe(statusOf(name, 200, '0'));
    expect(otlp.store.spans.map((span) => span.name)).toEqual(['patient']);
    expect(otlp.store.received).toMatchObject({ requests: 1, refusedRequests: 0, refusedSpanRequests: 0 });
  });

  it('is refused and counted after 30 s, when exporters have given it up', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const otlp = await fullReceiver(name);

    const answer = protocols[name](otlp, oneSpan('late'));
    await turnsUntil(() => otlp.isHeldBack);
    vi.advanceTimersByTime(bodyMs);

    expect(await answer).toBe(statusOf(name, 503, '14'));
    expect(otlp.store.received).toMatchObject({ requests: 0, refusedRequests: 1, refusedSpanRequests: 1 });
    otlp.release();
    expect(await protocols[name](otlp, oneSpan('next'))).toBe(statusOf(name, 200, '0'));
  });

  it('waits for its turn: of four with 16 MiB at the same time, all are taken', async () => {
    const otlp = await fullReceiver(name);
    otlp.release();
    // A field that this version of OTLP does not have.
    const padded = (id: number) => Buffer.concat([oneSpan('large', id), field(100, Buffer.alloc(16 * 2 ** 20 - 200))]);

    const answers = await Promise.all([1, 2, 3, 4].map((id) => protocols[name](otlp, padded(id))));

    expect(answers).toEqual(answers.map(() => statusOf(name, 200, '0')));
    expect(otlp.store.received).toMatchObject({ requests: 4, spans: 4, refusedRequests: 0 });
  });
});
