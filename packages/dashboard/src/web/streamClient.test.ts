import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { DashboardInput, InputSink } from '../inputs/dashboardInput.ts';
import { Dashboard } from '../model/dashboard.ts';
import { EntryFeed } from './entryFeed.ts';
import { LongPolls } from './longPolls.ts';
import { StreamClient, type StreamState } from './streamClient.ts';
import type { StreamMessage } from './streamMessage.ts';
import { WebSockets } from './webSockets.ts';

/** The stream on a server whose sockets the test kills, or that has no WebSocket at all, and a client of it. */
async function rig({ hasWebSocket = true } = {}) {
  let sink: InputSink | undefined;
  const input: DashboardInput = {
    name: 'in',
    node: 'local',
    start: async (given) => {
      sink = given;
    },
    stop: async () => undefined,
  };
  const made = async () => {
    const feed = new EntryFeed(new Dashboard(), [input], () => 0);
    await feed.start();
    return { feed, sockets: new WebSockets(feed, 8, () => undefined), polls: new LongPolls(feed, 8) };
  };
  let parts = await made();
  const open = new Set<Socket>();
  const queryOf = ({ url = '' }: IncomingMessage) => new URLSearchParams(url.split('?')[1]);
  const server = createServer((request, response) => parts.polls.answer(request, response, queryOf(request)));
  server.on('connection', (socket) => open.add(socket));
  if (hasWebSocket)
    server.on('upgrade', (request, socket, head) => parts.sockets.upgrade(request, socket, head, queryOf(request)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  const rows: number[] = [];
  const states = new Set<StreamState>();
  let looks = (): void => undefined;
  const client = new StreamClient({
    open: (query) => new WebSocket(`ws://${address}/api/stream${query}`),
    ask: async (query) => (await (await fetch(`http://${address}/api/events${query}`)).json()) as StreamMessage,
    take(message, isNew) {
      if (isNew) rows.length = 0;
      for (const entry of message.entries) if ('fact' in entry) rows.push(entry.fact.timeMs);
      looks();
    },
    changed: (state) => states.add(state),
  });
  onTestFinished(() => {
    client.stop();
    parts.sockets.close();
    parts.polls.close();
    server.closeAllConnections();
    server.close();
    for (const socket of open) socket.destroy();
  });
  client.start();
  let next = 0;
  return {
    rows,
    states,
    add(count: number) {
      for (let n = 0; n < count; n++)
        sink?.fact({ kind: 'power', timeMs: next++, node: 'local', source: 'board', watts: 1 });
    },
    kill() {
      for (const socket of open) socket.destroy();
      open.clear();
    },
    async restart() {
      parts.sockets.close();
      // Void once the client knows of the new start.
      rows.splice(0, rows.length, -1);
      next = 0;
      parts = await made();
    },
    has: (count: number) =>
      new Promise<void>((resolve) => {
        looks = () => {
          if (rows.length >= count) resolve();
        };
        looks();
      }),
  };
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

it('has each row once, in order, although its socket is killed again and again', async () => {
  const { add, kill, has, rows, states } = await rig();
  for (let round = 1; round <= 4; round++) {
    add(700);
    await has(round * 1_000 - 300);
    kill();
    add(300);
    await has(round * 1_000);
  }
  expect(rows).toEqual(upTo(4_000));
  expect(states).toContain('lost');
});

it('begins again when the server was started again', async () => {
  const { add, has, rows, restart } = await rig();
  add(50);
  await has(50);
  await restart();
  add(20);
  await has(20);
  expect(rows).toEqual(upTo(20));
});

it('asks by polls where no WebSocket passes, with the same rows', async () => {
  const { add, has, rows, states } = await rig({ hasWebSocket: false });
  add(1_200);
  await has(1_200);
  add(5);
  await has(1_205);
  expect(rows).toEqual(upTo(1_205));
  expect(states).toContain('polling');
  expect(states).not.toContain('live');
});
