import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@benchlab-otel/core/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeptSocket } from './keptSocket.ts';

let folder = '';
let path = '';
let clock: ManualClock;
let kept: KeptSocket;
const lost: string[] = [];
const connections: Socket[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-kept-'));
  path = join(folder, 'agent.sock');
  clock = new ManualClock();
  lost.length = 0;
  kept = new KeptSocket({
    ...{ path, clock, otherPath: 'another path' },
    connected: (socket) => void connections.push(socket),
    lost: ({ message }) => void lost.push(message),
  });
  await kept.start();
});
afterEach(async () => {
  for (const socket of connections.splice(0)) socket.destroy();
  await kept.stop();
  rmSync(folder, { recursive: true, force: true });
});

function connected(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    connections.push(socket);
    socket.once('connect', () => resolve(socket)).once('error', reject);
  });
}

/** Time passes until there is a file again: listening takes the system a moment. */
const listeningAgain = () =>
  vi.waitUntil(async () => {
    await clock.advanceMs(1000);
    return existsSync(path);
  });

it('makes its file again when it was removed, and keeps connections', async () => {
  const before = await connected();
  rmSync(path);
  await listeningAgain();
  await connected();
  expect(before.destroyed).toBe(false);
  expect(lost).toEqual([]);
});

it('reports once that another file has its path, leaves it alone, and listens again when that is gone', async () => {
  rmSync(path);
  writeFileSync(path, 'of another program');
  for (let n = 0; n < 3; n++) {
    await clock.advanceMs(1000);
  }
  expect(lost).toEqual([
    `Another process has put a file of its own at ${path}. Choose another path for one of the two.`,
  ]);
  rmSync(path);
  await listeningAgain();
  await connected();
});

it('leaves the file of another process alone when it ends', async () => {
  rmSync(path);
  writeFileSync(path, 'of another program');
  await kept.stop();
  expect(existsSync(path)).toBe(true);
});

it('removes its own file when it ends', async () => {
  await kept.stop();
  expect(existsSync(path)).toBe(false);
});

it('reports once that its folder cannot be reached, and is there again when it can', async () => {
  const aside = `${folder}.aside`;
  renameSync(folder, aside);
  writeFileSync(folder, 'a file in place of the folder');
  for (let n = 0; n < 3; n++) await clock.advanceMs(1000);
  expect(lost).toEqual([expect.stringContaining(`This process cannot reach its socket ${path} any more: ENOTDIR`)]);
  rmSync(folder);
  renameSync(aside, folder);
  await clock.advanceMs(1000);
  await connected();
  expect(lost).toHaveLength(1);
});

it('ends while its folder cannot be reached', async () => {
  const aside = `${folder}.aside`;
  renameSync(folder, aside);
  writeFileSync(folder, 'a file in place of the folder');
  await expect(kept.stop()).resolves.toBeUndefined();
  rmSync(aside, { recursive: true });
});

// Root can be any other user.
describe.runIf(process.getuid?.() === 0)('in a folder of another user (needs root)', () => {
  const [user, stranger] = [50_001, 50_002];
  const as = async <T>(uid: number, act: () => Promise<T>): Promise<T> => {
    process.seteuid?.(uid);
    try {
      return await act();
    } finally {
      process.seteuid?.(0);
    }
  };

  beforeEach(() => {
    chownSync(folder, stranger, stranger);
    chownSync(path, user, user);
  });

  it('that is closed to this one: it is reported, and the end comes all the same', async () => {
    chmodSync(folder, 0o700);
    await as(user, async () => {
      await clock.advanceMs(1000);
      await clock.advanceMs(1000);
      await kept.stop();
    });
    expect(lost).toEqual([expect.stringContaining('EACCES')]);
  });

  it('that may replace the socket: it ends, and leaves their file', async () => {
    chmodSync(folder, 0o1777);
    rmSync(path);
    writeFileSync(path, 'theirs');
    chownSync(path, stranger, stranger);
    await as(user, () => kept.stop());
    expect(readFileSync(path, 'utf8')).toBe('theirs');
  });

  it('that has put a folder at a name that can be guessed: it ends, and leaves their file', async () => {
    mkdirSync(`${path}.${process.pid}`);
    rmSync(path);
    writeFileSync(path, 'theirs');
    await kept.stop();
    expect(readFileSync(path, 'utf8')).toBe('theirs');
  });
});
