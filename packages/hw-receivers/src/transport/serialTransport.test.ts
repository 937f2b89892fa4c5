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

/** Hears everything, and how often the end was told. */
function listener(): TransportListener & { bytes: number; ends: number } {
  const heard = {
    bytes: 0,
    ends: 0,
    data: (bytes: Uint8Array) => {
      heard.bytes += bytes.length;
    },
    closed: () => {
      heard.ends++;
    },
  };
  return heard;
}

const until = (isDone: () => boolean) => expect.poll(isDone, { timeout: 5000, interval: 5 }).toBe(true);

test('bytes pass both ways over a real terminal, although that has no DTR and RTS to set', async () => {
  const board = await plugIn();
  const [port, heard] = [serialTransport(board.path), listener()];
  await port.open(heard);
  await port.flush();
  await port.write(Uint8Array.of(0x0d));
  await until(() => heard.bytes >= 12);
  await port.close();
  expect(heard.ends).toBe(0);
});

test('a port that another user of this process or machine holds is busy, and the message says what to do', async () => {
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

test('a port that is not there is named', async () => {
  await expect(serialTransport('/dev/there-is-no-such-port').open(listener())).rejects.toMatchObject({
    code: 'NO_BOARD',
    message: expect.stringContaining('/dev/there-is-no-such-port'),
  });
});

test('a file that is no serial port is unreadable', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'port-'));
  const path = join(folder, 'file');
  writeFileSync(path, '');
  await expect(serialTransport(path).open(listener())).rejects.toMatchObject({ code: 'PORT_UNREADABLE' });
  rmSync(folder, { recursive: true });
});

test('an unplugged port tells its end once, at the latest with the next write, and can still be closed', async () => {
  const board = await plugIn();
  const [port, heard] = [serialTransport(board.path), listener()];
  await port.open(heard);
  board.unplug();
  await port.write(Uint8Array.of(0)).catch(() => undefined);
  await until(() => heard.ends > 0);
  await port.close();
  await port.close();
  expect(heard.ends).toBe(1);
});

test('close is safe unopened and twice, and tells no end', async () => {
  const board = await plugIn();
  const [port, heard] = [serialTransport(board.path), listener()];
  await port.close();
  await port.open(heard);
  await Promise.all([port.close(), port.close()]);
  await port.close();
  expect(heard.ends).toBe(0);
});
