import { BenchlabError } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { expect, test } from 'vitest';
import { boardAnswer } from '../testing/boardAnswer.suite.ts';
import { MemoryPort } from '../testing/memoryPort.suite.ts';
import { contractFor, fromHex, sensorVector } from './contract/vectors.suite.ts';
import type { BoardInfo } from './device/connect.ts';
import { type Identity, identify } from './device/identify.ts';
import { FrameReader } from './frame/frameReader.ts';
import { Exchange } from './wire/exchange.ts';

const streams = 10_000;
const boards = [
  {
    contract: contractFor({ product_id: '0x11', firmware: 7 }),
    frame: fromHex(sensorVector('bl2-fw07-typical').frame_hex),
  },
  { contract: contractFor({}), frame: fromHex(sensorVector('orig-typical').frame_hex) },
] as const;
const welcome = fromHex('42454e43484c4142'.padEnd(64, '0'));
const board = { uid: 'UID', name: '', simulated: false } as BoardInfo; // all that is looked at

/** Park-Miller, so that a failure can be repeated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function garbage(random: () => number, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

/** What a line may make of a reply: whole, torn, twice, behind other bytes, or something else altogether. */
function stream(random: () => number, good: Uint8Array): Uint8Array[] {
  const some = () => garbage(random, 1 + Math.floor(random() * 60));
  const cut = Math.floor(random() * good.length);
  const flipped = good.slice();
  const at = Math.floor(random() * good.length);
  flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  const kinds: (() => Uint8Array[])[] = [
    () => [good],
    () => [good.subarray(0, cut), good.subarray(cut)],
    () => [good.subarray(0, cut)],
    () => [good.subarray(cut)],
    () => [some(), good],
    () => [good, some()],
    () => [good, good],
    () => [welcome, good],
    () => [welcome.subarray(0, cut % 32), good],
    () => [garbage(random, good.length)],
    () => [garbage(random, Math.floor(random() * 1200))],
    () => [Buffer.concat([good.subarray(cut), good.subarray(0, cut)])],
    () => [],
    () => [flipped],
  ];
  return (kinds[Math.floor(random() * kinds.length)] ?? kinds[0])?.() ?? [];
}

test.each(boards)(
  `of ${streams / 2} random replies of $contract.product none is read wrongly, none hangs and none throws an undeclared error`,
  async ({ contract, frame: good }) => {
    const random = generator(20_251_111);
    const clock = new ManualClock();
    const reader = new FrameReader(board, contract);
    const truth = reader.read({
      bytes: good,
      view: new DataView(good.buffer, good.byteOffset),
      timeNs: 0,
      uncertaintyNs: 0,
    });
    const outcomes = { read: 0, refused: 0, silent: 0 };
    for (let k = 0; k < streams / 2; k++) {
      const chunks = stream(random, good);
      // One wrong bit of a value gives another value: there is no checksum. All other values must be those of the frame.
      const isFlipped = chunks.length === 1 && chunks[0]?.length === good.length && differs(chunks[0], good) === 1;
      const port = new MemoryPort(() => chunks);
      const exchange = new Exchange(port.transport('/dev/fuzz'), clock);
      await exchange.open();
      const asked = exchange.ask('READ_SENSORS', { bytes: contract.sensors.size }).then(
        (reply) => reader.read(reply),
        (error: unknown) => error,
      );
      const settled = asked.catch((error: unknown) => error);
      await clock.advanceMs(401);
      const result = await settled;
      await exchange.close();
      if (result instanceof BenchlabError) {
        outcomes[result.code === 'NO_REPLY' ? 'silent' : 'refused']++;
        expect(['NO_REPLY', 'BAD_REPLY']).toContain(result.code);
        continue;
      }
      outcomes.read++;
      const { readings, totals } = result as ReturnType<FrameReader['read']>;
      if (isFlipped) continue;
      expect([k, totals]).toEqual([k, truth.totals]);
      expect(measured(readings)).toEqual(measured(truth.readings));
    }
    expect(clock.pending).toBe(0);
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(streams / 100);
  },
  120_000,
);

test.each(boards)(
  `in ${streams / 10} identifications of $contract.product with random replies it is itself or refused, and a stranger is asked no more`,
  async ({ contract, frame }) => {
    const random = generator(20_261_127);
    const clock = new ManualClock();
    const answer = boardAnswer({ contract, frame });
    let [identified, refused] = [0, 0];
    for (let k = 0; k < streams / 10; k++) {
      // Most of the time one of the four replies is wrong.
      const wrong = Math.floor(random() * 5);
      const port = new MemoryPort((request) => {
        const reply = answer(request);
        return port.written.length - 1 === wrong ? stream(random, reply[0] ?? new Uint8Array(0)) : reply;
      });
      const exchange = new Exchange(port.transport('/dev/fuzz'), clock);
      await exchange.open();
      const running = identify(exchange, '/dev/fuzz').catch((error: unknown) => error);
      await clock.advanceMs(3000);
      const result = await running;
      await exchange.close();
      // Reads, in the one safe order: welcome, vendor data, UID, name. A reply of another length is asked again.
      const order = [...new Set(port.written)];
      expect(['00', '0e', '0d', '03'].slice(0, order.length)).toEqual(order);
      if (result instanceof BenchlabError) {
        refused++;
        expect(['NOT_A_BENCHLAB', 'UNKNOWN_FIRMWARE', 'NO_REPLY', 'BAD_REPLY']).toContain(result.code);
        if (result.code === 'NOT_A_BENCHLAB') expect(port.written.length).toBeLessThanOrEqual(2);
        continue;
      }
      identified++;
      const identity = result as Identity;
      // Twelve bytes of a UID and the bytes of a name can be any; which board it is cannot.
      expect([k, identity.contract.productId]).toEqual([k, contract.productId]);
      if (wrong !== 1) expect([k, identity.firmware]).toEqual([k, contract.firmware]);
    }
    expect(clock.pending).toBe(0);
    expect(Math.min(identified, refused)).toBeGreaterThan(streams / 100);
  },
  120_000,
);

/** Without the faults: one bit makes an unpublished one, which is shown from then on. */
function measured(readings: ReturnType<FrameReader['read']>['readings']): number[] {
  return readings.flatMap(({ sensor, value }) => (/fault|status/.test(sensor.metric.name) ? [] : [value]));
}

/** Bits that differ from the good frame. */
function differs(bytes: Uint8Array, good: Uint8Array): number {
  let bits = 0;
  for (let k = 0; k < good.length; k++) {
    for (let different = (bytes[k] ?? 0) ^ (good[k] ?? 0); different > 0; different >>= 1) bits += different & 1;
  }
  return bits;
}
