import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageEvent, StageRejection, StageSource } from '@benchlab-otel/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { jsonlStages } from './jsonlStages.ts';
import { type StageWriter, stageWriter } from './stageWriter.ts';

// Over a real socket, with the reader of `sessions record --from unix:PATH` at its other end.

const timeout = 10_000;
let folder: string;
let writer: StageWriter | undefined;
let reader: StageSource | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-stage-writer-'));
});
afterEach(async () => {
  await writer?.close();
  await reader?.stop();
  writer = reader = undefined;
  rmSync(folder, { recursive: true });
});

const event = (frame: number, more: Partial<StageEvent> = {}): StageEvent => ({
  timeNs: 1_000 + frame,
  uncertaintyNs: 7,
  stage: 'encoded',
  frameId: String(frame),
  source: 'spans',
  ...more,
});

async function read(path: string) {
  const events: StageEvent[] = [];
  const rejections: StageRejection[] = [];
  reader = jsonlStages({ from: `unix:${path}` });
  await reader.start({
    stage: (each) => void events.push(each),
    rejected: (rejection) => void rejections.push(rejection),
  });
  return { events, rejections, frames: () => events.map(({ frameId }) => frameId) };
}

it('each event reaches the reader as it was, under the name that the reader gives it', async () => {
  const path = join(folder, 'stages.sock');
  const got = await read(path);
  writer = await stageWriter(`unix:${path}`);
  const simulated = event(2, { simulated: true, frameId: 'ö "2"' });
  writer.stage(event(1));
  writer.stage(simulated);

  await expect.poll(() => got.events.length, { timeout }).toBe(2);
  expect(got.events).toEqual([event(1), simulated].map((each) => ({ ...each, source: `jsonl:unix:${path}` })));
  expect([writer.dropped, writer.refused, got.rejections]).toEqual([0, 0, []]);
});

it('events wait for a reader that starts later, and for one that starts again', async () => {
  const path = join(folder, 'stages.sock');
  writer = await stageWriter(`unix:${path}`);
  writer.stage(event(1));
  const first = await read(path);
  await expect.poll(first.frames, { timeout }).toEqual(['1']);
  await reader?.stop();
  expect(existsSync(path)).toBe(false);

  const second = await read(path);
  // The end of the first reader is known once the system reports it; an event may go to it until then.
  for (let frame = 2; second.events.length === 0 && frame < 1_000; frame++) {
    writer.stage(event(frame));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(second.events.length).toBeGreaterThan(0);
  expect(second.rejections).toEqual([]);
});

it('beyond the bound the oldest events are dropped and counted, and the reader is informed of their number', async () => {
  const path = join(folder, 'stages.sock');
  writer = await stageWriter(`unix:${path}`);
  for (let frame = 0; frame < 10_500; frame++) writer.stage(event(frame));
  expect(writer.dropped).toBe(500);
  const got = await read(path);

  await expect.poll(() => got.frames().at(-1), { timeout }).toBe('10499');
  expect(got.events.length).toBeLessThanOrEqual(10_000);
  expect(got.rejections[0]).toMatchObject({
    reason: expect.stringContaining('the program that writes the events has dropped 500 of them so far'),
  });
});

it('a reader that takes nothing holds up no caller, and the end comes after a second', async () => {
  const path = join(folder, 'stages.sock');
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket.pause()));
  await new Promise<void>((resolve) => silent.listen(path, resolve));
  writer = await stageWriter(`unix:${path}`);
  for (let frame = 0; frame < 50_000; frame++) writer.stage(event(frame));
  const sent = 50_000 - writer.dropped;
  await writer.close();
  for (const socket of sockets) socket.destroy();
  await new Promise<void>((resolve) => silent.close(() => resolve()));

  expect(sent).toBeGreaterThanOrEqual(10_000);
  expect(writer.dropped).toBeGreaterThan(30_000);
  const before = writer.dropped;
  writer.stage(event(1));
  expect(writer.dropped).toBe(before + 1);
});

it('what waits is sent before the end', async () => {
  const path = join(folder, 'stages.sock');
  const got = await read(path);
  writer = await stageWriter(`unix:${path}`);
  for (let frame = 0; frame < 5_000; frame++) writer.stage(event(frame));
  await writer.close();

  expect(writer.dropped).toBe(0);
  await expect.poll(() => got.events.length, { timeout }).toBe(5_000);
});

it.each([
  ['no stage', { stage: '' }],
  ['a time that is not a number', { timeNs: Number.NaN }],
  ['a time before 0', { timeNs: -1 }],
  ['the time of day', { timeNs: 1.7e18 }],
  ['a line feed in its name', { stage: 'a\nb' }],
])('an event with %s is refused and counted, and the others are sent', async (_, wrong) => {
  const path = join(folder, 'stages.sock');
  const got = await read(path);
  writer = await stageWriter(`unix:${path}`);
  writer.stage(event(1, wrong));
  writer.stage(event(2));

  await expect.poll(got.frames, { timeout }).toEqual(['2']);
  expect([writer.refused, writer.dropped, got.rejections]).toEqual([1, 0, []]);
});

it.each(['unix:', `unix:${'x'.repeat(108)}`, 'unix:a\0b'])('the address %j is refused', async (to) => {
  await expect(stageWriter(to)).rejects.toMatchObject({ code: 'BAD_OPTION', option: 'to' });
});

it('a socket that every user could replace is refused', async () => {
  const open = join(folder, 'open');
  mkdirSync(open);
  chmodSync(open, 0o777);
  await expect(stageWriter(`unix:${join(open, 'stages.sock')}`)).rejects.toThrow(/Every user can replace the socket/);
});

it('the path of a socket without "unix:" is refused with the address to write', async () => {
  const path = join(folder, 'stages.sock');
  await read(path);
  await expect(stageWriter(path)).rejects.toThrow(/To connect to it, write unix:/);
});

it('a reader that sends something is no harm', async () => {
  const path = join(folder, 'stages.sock');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('x'.repeat(1_000_000));
    socket.on('data', (bytes) => void got.push(bytes));
  });
  const got: Buffer[] = [];
  await new Promise<void>((resolve) => server.listen(path, resolve));
  writer = await stageWriter(`unix:${path}`);
  writer.stage(event(1));

  await expect.poll(() => Buffer.concat(got).toString(), { timeout }).toContain('"frameId":"1"');
  await writer.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});
