import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contracts, type FirmwareContract } from '../contract/contract.ts';
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

test.each(vectors.sensor_vectors)('$id: every raw integer is the expected one, and none is missing', (vector) => {
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

/** A second reading of the contract, field by field, with nothing of the decoder in it. */
function reference(contract: FirmwareContract, frame: DataView): Map<string, number> {
  const found = new Map<string, number>();
  const widths: Record<string, number> = { u8: 1, i16: 2, u16: 2, i32: 4, u64: 8 };
  const walk = (fields: FirmwareContract['sensors']['fields'], base: number, prefix: string): void => {
    for (const { name, type, offset, count } of fields) {
      const inner = contract.structs[type];
      for (let index = 0; index < (count ?? 1); index++) {
        const at = base + offset + index * (inner?.size ?? widths[type] ?? Number.NaN);
        const path = `${prefix}${name}${count === undefined ? '' : `.${index}`}`;
        if (inner) walk(inner.fields, at, `${path}.`);
        else if (type === 'u8') found.set(path, frame.getUint8(at));
        else if (type === 'i16') found.set(path, frame.getInt16(at, true));
        else if (type === 'u16') found.set(path, frame.getUint16(at, true));
        else if (type === 'i32') found.set(path, frame.getInt32(at, true));
        else {
          found.set(`${path}.low`, Number(BigInt.asIntN(32, frame.getBigUint64(at, true))));
          found.set(`${path}.high`, Number(BigInt.asIntN(32, frame.getBigUint64(at, true) >> 32n)));
        }
      }
    }
  };
  walk(contract.sensors.fields, 0, '');
  return found;
}

test.each(contracts)('$product firmware $firmware: 100 random frames decode as the contract states', (contract) => {
  const decoder = frameDecoder(contract);
  const bytes = new Uint8Array(contract.sensors.size);
  const frame = new DataView(bytes.buffer);
  const raw = new Int32Array(decoder.length);
  let seed = contract.productId * 256 + contract.firmware;
  for (let round = 0; round < 100; round++) {
    for (let k = 0; k < bytes.length; k++) {
      seed = (seed * 48_271) % 2_147_483_647;
      bytes[k] = seed & 0xff;
    }
    decoder.decode(frame, bytes.length, raw);
    const expected = reference(contract, frame);
    expect(expected.size).toBe(decoder.length);
    expect([...expected].filter(([path, value]) => raw[decoder.slot(path) ?? -1] !== value)).toEqual([]);
  }
});

test('no source of the package makes code from strings', () => {
  const folder = new URL('../../', import.meta.url);
  const sources = readdirSync(folder, { recursive: true }).map(String);
  const found = sources
    .filter((name) => name.endsWith('.ts') && !/\.(test|suite)\.ts$/.test(name))
    .filter((name) => /new Function|\beval\(/.test(readFileSync(new URL(name, folder), 'utf8')));
  expect(found).toEqual([]);
});
