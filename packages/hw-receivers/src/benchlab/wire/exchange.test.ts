import { BenchlabError } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { expect, test } from 'vitest';
import { type Answer, MemoryPort } from '../../testing/memoryPort.suite.ts';
import { contractFor, fromHex, sensorVector, vectors } from '../contract/vectors.suite.ts';
import { decodeFrame } from '../frame/frame.ts';
import { Exchange, type Reply, type ReplySize } from './exchange.ts';

const typical = fromHex(sensorVector('orig-typical').frame_hex);
const frameSize: ReplySize = { bytes: 216 };
const vendor = fromHex('ee1006');
const welcome32 = fromHex('42454e43484c4142'.padEnd(64, '0'));

async function setup(answer: Answer) {
  const clock = new ManualClock();
  const port = new MemoryPort(answer);
  const exchange = new Exchange(port.transport('/dev/bench'), clock);
  await exchange.open();
  return { clock, port, exchange };
}

/** The outcome of a promise once time has moved on: the reply, or the code of its error. */
async function outcome(clock: ManualClock, asked: Promise<Reply>, ms = 1000): Promise<string> {
  const settled = asked.then(
    (reply) => Buffer.from(reply.bytes).toString('hex'),
    (error: BenchlabError) => error.code,
  );
  await clock.advanceMs(ms);
  return settled;
}

test.each(vectors.stream_vectors)('stream vector $id: the frame is assembled from its chunks', async (vector) => {
  const { clock, port, exchange } = await setup(() => vector.chunks_hex.map(fromHex));
  port.send(fromHex(vector.stale_hex ?? ''));
  const reply = exchange.ask('READ_SENSORS', frameSize);
  await clock.advanceMs(10);
  const expected = sensorVector(vector.expect);
  const contract = contractFor(expected);
  expect(decodeFrame(contract, (await reply).bytes)).toEqual(decodeFrame(contract, fromHex(expected.frame_hex)));
  expect(exchange.staleBytes).toBe((vector.stale_hex ?? '').length / 2);
});

test('a reply that comes byte by byte is decoded once', async () => {
  const { clock, exchange } = await setup(() => [...typical].map((byte) => Uint8Array.of(byte)));
  expect(await outcome(clock, exchange.ask('READ_SENSORS', frameSize))).toBe(Buffer.from(typical).toString('hex'));
});

test('the time of a reply is the midpoint between the write and its last byte, plus or minus half the round trip', async () => {
  const { clock, port, exchange } = await setup(() => []);
  const askedNs = clock.nowNs();
  const reply = exchange.ask('READ_VENDOR_DATA', { bytes: 3 });
  await clock.advanceMs(2);
  port.send(vendor.subarray(0, 1));
  await clock.advanceMs(4);
  port.send(vendor.subarray(1));
  expect(await reply).toMatchObject({ timeNs: askedNs + 3e6, uncertaintyNs: 3e6 });
});

test.each([
  ['nothing', 'NO_REPLY', []],
  ['one byte short', 'BAD_REPLY', [typical.subarray(1)]],
  ['one byte long', 'BAD_REPLY', [typical, Uint8Array.of(0)]],
  ['a frame of the other product', 'BAD_REPLY', [new Uint8Array(368)]],
  ['more than any buffer', 'BAD_REPLY', [new Uint8Array(4096)]],
] as const)('a reply of %s fails as %s', async (_, code, chunks) => {
  const { clock, exchange } = await setup(() => (code === 'BAD_REPLY' ? [Buffer.concat(chunks)] : chunks));
  expect(await outcome(clock, exchange.ask('READ_SENSORS', frameSize))).toBe(code);
  expect(clock.pending).toBe(0);
});

test('a silent board fails a request after the watchdog of 400 ms, not before', async () => {
  const { clock, exchange } = await setup(() => []);
  let failure: unknown;
  exchange.ask('READ_SENSORS', frameSize).catch((error: unknown) => {
    failure = error;
  });
  await clock.advanceMs(399);
  expect(failure).toBeUndefined();
  await clock.advanceMs(1);
  expect(failure).toBeInstanceOf(BenchlabError);
});

test('a blocked event loop is not a silent board: the reply that waits in the driver is still taken', async () => {
  const { clock, port, exchange } = await setup(() => []);
  const reply = exchange.ask('READ_VENDOR_DATA', { bytes: 3 });
  await clock.advanceMs(1);
  clock.jumpMs(3000);
  await clock.advanceMs(0);
  port.send(vendor);
  expect((await reply).uncertaintyNs).toBeGreaterThan(1e9);
});

test('after a bad reply the input must be silent before anything is sent again', async () => {
  let frames = 0;
  const { clock, port, exchange } = await setup(() => (++frames === 1 ? [new Uint8Array(300)] : [typical]));
  expect(await outcome(clock, exchange.ask('READ_SENSORS', frameSize), 1)).toBe('BAD_REPLY');
  const second = exchange.ask('READ_SENSORS', frameSize);
  for (let chunk = 0; chunk < 4; chunk++) {
    await clock.advanceMs(15);
    port.send(new Uint8Array(20));
  }
  expect(port.written).toEqual(['01']);
  await clock.advanceMs(40);
  expect(port.written).toEqual(['01', '01']);
  expect((await second).bytes).toEqual(typical);
});

test('a reply that comes after the watchdog is dropped, not taken for the answer to the next request', async () => {
  const { clock, port, exchange } = await setup(() => []);
  expect(await outcome(clock, exchange.ask('READ_SENSORS', frameSize), 400)).toBe('NO_REPLY');
  const next = exchange.ask('READ_SENSORS', frameSize);
  await clock.advanceMs(300);
  port.send(new Uint8Array(216));
  await clock.advanceMs(250);
  expect(port.written).toEqual(['01', '01']);
  port.send(typical);
  expect((await next).bytes).toEqual(typical);
  expect(exchange.staleBytes).toBe(216);
});

test('bytes without a request delay the next request until the input has been silent for 5 ms', async () => {
  const { clock, port, exchange } = await setup(() => [vendor]);
  port.send(new Uint8Array(7));
  const asked = exchange.ask('READ_VENDOR_DATA', { bytes: 3 });
  await clock.advanceMs(4);
  expect(port.written).toEqual([]);
  await clock.advanceMs(1);
  expect((await asked).bytes).toEqual(vendor);
  port.send(new Uint8Array(7));
  await clock.advanceMs(5);
  const later = exchange.ask('READ_VENDOR_DATA', { bytes: 3 });
  await clock.advanceMs(0);
  expect((await later).bytes).toEqual(vendor);
});

test('a port that never falls silent delays the next request, within a bound', async () => {
  const { clock, port, exchange } = await setup(() => [new Uint8Array(7)]);
  await outcome(clock, exchange.ask('READ_SENSORS', frameSize));
  const next = exchange.ask('READ_SENSORS', frameSize).catch(() => undefined);
  for (let burst = 0; burst < 40; burst++) {
    port.send(new Uint8Array(7));
    await clock.advanceMs(10);
  }
  expect(port.written).toEqual(['01', '01']);
  await clock.advanceMs(1000);
  await next;
});

test('a pushed welcome never shifts a reply', async () => {
  for (const chunks of [
    [welcome32, vendor],
    [Buffer.concat([welcome32, vendor])],
    [welcome32.subarray(0, 2), welcome32.subarray(2), vendor],
  ]) {
    const { clock, exchange } = await setup(() => chunks);
    expect(await outcome(clock, exchange.ask('READ_VENDOR_DATA', { bytes: 3 }))).toBe('ee1006');
  }
  const { clock, exchange } = await setup(() => [Buffer.concat([welcome32, typical])]);
  expect(await outcome(clock, exchange.ask('READ_SENSORS', frameSize))).toBe(Buffer.from(typical).toString('hex'));
});

test('a reply of unknown length ends with the linger time', async () => {
  const size = { bytes: 9, atMost: 64, lingerNs: 30e6 };
  const short = await setup(() => [welcome32.subarray(0, 9)]);
  expect(await outcome(short.clock, short.exchange.ask('WELCOME', size), 30)).toHaveLength(18);
  const long = await setup(() => [welcome32.subarray(0, 9), welcome32.subarray(9)]);
  expect(await outcome(long.clock, long.exchange.ask('WELCOME', size), 30)).toHaveLength(64);
  const endless = await setup(() => [new Uint8Array(65)]);
  expect(await outcome(endless.clock, endless.exchange.ask('WELCOME', size), 30)).toBe('BAD_REPLY');
});

test('listening collects bytes that come without a request, keeps a bounded part of them and sends nothing', async () => {
  const { clock, port, exchange } = await setup(() => []);
  const collected = exchange.listen(100e6);
  port.send(new Uint8Array(200).fill(1));
  port.send(new Uint8Array(200).fill(2));
  await clock.advanceMs(100);
  expect(await collected).toHaveLength(256);
  expect(exchange.staleBytes).toBe(400);
  expect(port.written).toEqual([]);
});

test('a second request while a reply is outstanding is a mistake of the caller', async () => {
  const { clock, exchange } = await setup(() => [vendor]);
  const first = exchange.ask('READ_VENDOR_DATA', { bytes: 3 });
  await expect(exchange.ask('READ_SENSORS', frameSize)).rejects.toThrow('outstanding');
  expect(await outcome(clock, first)).toBe('ee1006');
});

test('an unplugged board fails the request that waits, is reported once, and answers nothing more', async () => {
  const { clock, port, exchange } = await setup(() => []);
  let losses = 0;
  exchange.onLost = () => losses++;
  const asked = exchange.ask('READ_SENSORS', frameSize);
  port.unplug();
  port.unplug();
  expect(await outcome(clock, asked)).toBe('BOARD_LOST');
  await expect(exchange.ask('READ_SENSORS', frameSize)).rejects.toMatchObject({ code: 'BOARD_LOST' });
  expect(losses).toBe(1);
  expect(clock.pending).toBe(0);
});

test('a write that fails is a lost board', async () => {
  const { clock, port, exchange } = await setup(() => []);
  port.isOpen = false;
  expect(await outcome(clock, exchange.ask('READ_SENSORS', frameSize))).toBe('BOARD_LOST');
});

test('closing ends a listen and a request, leaves no timer, reports no loss, and may be repeated', async () => {
  const { clock, exchange } = await setup(() => []);
  exchange.onLost = () => expect.unreachable();
  const asked = exchange.ask('READ_SENSORS', frameSize).catch((error: BenchlabError) => error.code);
  const listening = exchange.listen(100e6).catch((error: BenchlabError) => error.code);
  await exchange.close();
  await exchange.close();
  expect(await Promise.all([asked, listening])).toEqual(['BOARD_LOST', 'BOARD_LOST']);
  expect(clock.pending).toBe(0);
});
