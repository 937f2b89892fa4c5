import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contracts } from '../contract/contract.ts';
import { contractFor, fromHex, type SensorVector, sensorVector, vectors } from '../contract/vectors.suite.ts';
import { frameDecoder } from './decode.ts';

function decodeRaw(vector: SensorVector): (path: string) => number | undefined {
  const decoder = frameDecoder(contractFor(vector));
  const frame = fromHex(vector.frame_hex);
  const raw = new Int32Array(decoder.length);
  decoder.decode(new DataView(frame.buffer), frame.length, raw);
  return (path) => raw[decoder.slot(path) ?? -1];
}

/** `expected_raw` by the paths of the contract: records of a struct are lists there. */
function expectedSlots(vector: SensorVector): [string, number | undefined][] {
  const records: Record<string, string[]> = {
    PowerReadings: ['Voltage', 'Current', 'Power'],
    Fans: ['Enable', 'Duty', 'Tach'],
  };
  return Object.entries(vector.expected_raw).flatMap(([name, value]): [string, number][] => {
    if (typeof value === 'number') return [[name, value]];
    if (typeof value === 'string') {
      const word = BigInt(value);
      return [
        [`${name}.low`, Number(BigInt.asIntN(32, word))],
        [`${name}.high`, Number(BigInt.asIntN(32, word >> 32n))],
      ];
    }
    return value.flatMap((element, index): [string, number][] =>
      typeof element === 'number'
        ? [[`${name}.${index}`, element]]
        : element.map((field, column) => [`${name}.${index}.${records[name]?.[column]}`, field]),
    );
  });
}

test.each(vectors.sensor_vectors)('$id: every raw integer is the expected one, and there is no other', (vector) => {
  const slot = decodeRaw(vector);
  const expected = expectedSlots(vector);
  for (const [path, value] of expected) expect([path, slot(path)]).toEqual([path, value]);
  expect(frameDecoder(contractFor(vector)).length).toBe(expected.length);
});

test.each(vectors.reject_vectors)('$id is never decoded', (vector) => {
  const decoder = frameDecoder(contractFor(vector));
  const frame = fromHex(vector.frame_hex);
  const raw = new Int32Array(decoder.length).fill(7);
  expect(() => decoder.decode(new DataView(frame.buffer), frame.length, raw)).toThrow(
    expect.objectContaining({ code: 'BAD_REPLY' }),
  );
  expect([...new Set(raw)]).toEqual([7]);
});

test('an empty frame is refused', () => {
  const decoder = frameDecoder(contractFor({}));
  expect(() => decoder.decode(new DataView(new ArrayBuffer(512)), 0, new Int32Array(decoder.length))).toThrow(
    '0 bytes',
  );
});

test('padding bytes are in no slot: a frame with garbage there decodes to the same integers', () => {
  const garbage = sensorVector('orig-garbage-padding');
  const slot = decodeRaw(garbage);
  for (const [path, value] of expectedSlots(sensorVector(garbage.same_as ?? ''))) expect(slot(path)).toBe(value);
});

test.each(contracts)(
  '$product firmware $firmware: the frame is as long as its reply, and no offset leaves it',
  (contract) => {
    const decoder = frameDecoder(contract);
    const frame = new DataView(new ArrayBuffer(decoder.frameBytes));
    expect(decoder.frameBytes).toBe(contract.replyBytes.READ_SENSORS);
    expect(() => decoder.decode(frame, decoder.frameBytes, new Int32Array(decoder.length))).not.toThrow();
  },
);

test('a decoder of a frame without fault words has no slot for them', () => {
  expect(frameDecoder(contractFor({ product_id: '0x11', firmware: 4 })).slot('FaultStatus.low')).toBeUndefined();
  expect(frameDecoder(contractFor({ product_id: '0x11', firmware: 5 })).slot('FaultStatus.high')).toBeGreaterThan(0);
});

test('the hot path does not use Buffer reads, which are thirty times as slow', () => {
  const source = readFileSync(new URL('./decode.ts', import.meta.url), 'utf8');
  expect(source).not.toMatch(/\.read(U?Int|Float|Big)/);
});

test.each(contracts)(
  '$product firmware $firmware: 1,000 random frames decode alike without code from strings',
  (contract) => {
    const forbidden = () => {
      throw new EvalError('Code generation from strings disallowed for this context');
    };
    const [unrolled, looped] = [frameDecoder(contract), frameDecoder(contract, forbidden)];
    const bytes = new Uint8Array(contract.sensors.size);
    const frame = new DataView(bytes.buffer);
    const [first, second] = [new Int32Array(unrolled.length), new Int32Array(looped.length)];
    let seed = contract.productId * 256 + contract.firmware;
    for (let round = 0; round < 1000; round++) {
      for (let k = 0; k < bytes.length; k++) {
        seed = (seed * 48_271) % 2_147_483_647;
        bytes[k] = seed & 0xff;
      }
      unrolled.decode(frame, bytes.length, first);
      looped.decode(frame, bytes.length, second);
      expect(first).toEqual(second);
    }
  },
);
