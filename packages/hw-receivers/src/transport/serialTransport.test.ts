import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constantBench, type EmulatedBoard, emulateBoard } from '@benchlab-otel/emulator';
import { afterEach, expect, test } from 'vitest';
import { serialTransport } from './serialTransport.ts';
import type { TransportListener } from './transport.ts';

const boards: EmulatedBoard[] = [];
afterEach(async () => {
  await Promise.all(boards.splice(0).map((board) => board.close()));
});

async function plugIn(): Promise<EmulatedBoard> {
  const board = await emulateBoard({ bench: constantBench({}) });
  boards.push(board);
  return board;
}

/** Counts the bytes, and how often the end was reported. */
function listener(): TransportListener & { bytes: number; ends: number } {
  const received = {
    bytes: 0,
    ends: 0,
    data: (bytes: Uint8Array) => {
      received.bytes += bytes.length;
    },
    closed: () => {
      received.ends++;
    },
  };
  return received;
}

const until = (isDone: () => boolean) => expect.poll(isDone, { timeout: 5000, interval: 5 }).toBe(true);

test('bytes pass both ways over a real terminal, although that has no DTR and RTS to set', async () => {
  const board = await plugIn();
  const [port, received] = [serialTransport(board.path), listener()];
  await port.open(received);
  await port.flush();
  await port.write(Uint8Array.of(0x0d));
  await until(() => received.bytes >= 12);
  await port.close();
  expect(received.ends).toBe(0);
});

test('a port that another part of this process or another program holds is busy, and the message names the fix', async () => {
  const board = await plugIn();
  const first = serialTransport(board.path);
  await first.open(listener());
  await expect(serialTransport(board.path).open(listener())).rejects.toMatchObject({
    code: 'PORT_BUSY',
    fix: expect.stringContaining('fuser'),
  });
  await first.close();
  const second = serialTransport(board.path);
  await second.open(listener());
  await second.close();
});

test('a port that does not exist is named', async () => {
  await expect(serialTransport('/dev/there-is-no-such-port').open(listener())).rejects.toMatchObject({
    code: 'NO_BOARD',
    message: expect.stringContaining('/dev/there-is-no-such-port'),
  });
});

test('a file that is not a serial port is unreadable', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'port-'));
  const path = join(folder, 'file');
  writeFileSync(path, '');
  await expect(serialTransport(path).open(listener())).rejects.toMatchObject({ code: 'PORT_UNREADABLE' });
  rmSync(folder, { recursive: true });
});

test('an unplugged port reports its end once, at the latest with the next write, and can still be closed', async () => {
  const board = await plugIn();
  const [port, received] = [serialTransport(board.path), listener()];
  await port.open(received);
  board.unplug();
  await port.write(Uint8Array.of(0)).catch(() => undefined);
  await until(() => received.ends > 0);
  await port.close();
  await port.close();
  expect(received.ends).toBe(1);
});

test('close is safe unopened and twice, and reports no end', async () => {
  const board = await plugIn();
  const [port, received] = [serialTransport(board.path), listener()];
  await port.close();
  await port.open(received);
  await Promise.all([port.close(), port.close()]);
  await port.close();
  expect(received.ends).toBe(0);
});
