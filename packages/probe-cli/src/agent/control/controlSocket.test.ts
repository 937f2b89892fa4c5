import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@benchlab-otel/core';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { ControlSocket, controlPath } from './controlSocket.ts';
import { type Peer, type PeerOf, peerCredentials } from './peerCredentials.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-control-'));
afterAll(() => rmSync(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let sockets = 0;
async function control(given: { peerOf?: PeerOf; reload?: (actor: Peer) => Promise<object>; ownUid?: number } = {}) {
  const path = controlPath(join(folder, `${++sockets}.sock`));
  const actors: Peer[] = [];
  const server = new ControlSocket({
    path,
    clock: systemClock,
    peerOf: given.peerOf ?? (await peerCredentials()),
    ownUid: given.ownUid ?? process.getuid?.() ?? 0,
    reload:
      given.reload ??
      (async (actor) => {
        actors.push(actor);
        return { outcome: 'unchanged' };
      }),
    lost: () => undefined,
  });
  await server.start();
  closing.push(() => server.stop());
  return { path, actors };
}

function client(path: string, bytes?: string | Buffer): { socket: Socket; answer: Promise<string> } {
  const socket = connect(path);
  closing.push(() => socket.destroy());
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
  if (bytes !== undefined) socket.write(bytes);
  return { socket, answer };
}

it('obeys its own user, whose process, user and group the kernel states', async () => {
  const { path, actors } = await control();

  expect(await client(path, 'reload\n').answer).toBe('{"outcome":"unchanged"}\n');
  expect(actors).toEqual([{ pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() }]);
});

it.each([
  ['another user', { pid: 7, uid: 4711, gid: 4711 }, 'The user 4711 may not give orders to this agent.'],
  ['a user that the kernel does not name', undefined, 'The kernel does not state which user this is.'],
])('refuses %s before it reads anything', async (_, peer, words) => {
  const { path, actors } = await control({ peerOf: () => peer, ownUid: 1234 });

  expect(await client(path, 'reload\n').answer).toContain(words);
  expect(actors).toEqual([]);
});

it('obeys root', async () => {
  const { path } = await control({ peerOf: () => ({ pid: 7, uid: 0, gid: 0 }), ownUid: 1234 });

  expect(await client(path, 'reload\n').answer).toContain('unchanged');
});

it('has four places, which are free again when their clients leave', async () => {
  const { path } = await control();
  const silent = Array.from({ length: 4 }, () => client(path));
  await Promise.all(silent.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))));

  expect(await client(path, 'reload\n').answer).toContain('4 orders wait already');
  for (const { socket } of silent) socket.destroy();
  await vi.waitUntil(async () => (await client(path, 'reload\n').answer).includes('unchanged'), { timeout: 10_000 });
});

it('answers garbage of any kind with a line, and obeys the next order', async () => {
  const { path, actors } = await control();

  for (let k = 1; k <= 30; k++) {
    const bytes = Buffer.concat([randomBytes(k * 20), Buffer.from('\n')]);
    expect(await client(path, bytes).answer).toBe('{"error":"The only order is: reload"}\n');
  }
  expect(actors).toEqual([]);
  expect(await client(path, 'reload\n').answer).toContain('unchanged');
});

it('answers a reload that fails with its reason', async () => {
  const reload = async () => {
    throw new Error('out of order');
  };
  const { path } = await control({ reload });

  expect(await client(path, 'reload\n').answer).toBe('{"error":"out of order"}\n');
});
