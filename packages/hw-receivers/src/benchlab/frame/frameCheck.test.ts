import { expect, test } from 'vitest';
import type { FirmwareContract } from '../contract/contract.ts';
import { contractFor, fromHex, type SensorVector, sensorVector, vectors } from '../contract/vectors.suite.ts';
import type { BoardInfo } from '../device/connect.ts';
import { FrameReader } from './frameReader.ts';

const original = contractFor({});
const bl2 = contractFor({ product_id: '0x11', firmware: 7 });

function readerOf(contract: FirmwareContract): (bytes: Uint8Array) => ReturnType<FrameReader['read']> {
  const { product, productId, variant, firmware } = contract;
  const uid = '3A0025000B51383239373834';
  const board: BoardInfo = { port: '/dev/a', product, productId, variant, firmware, uid, name: '', simulated: false };
  const reader = new FrameReader(board, contract);
  return (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return reader.read({ bytes, view, timeNs: 0, uncertaintyNs: 0 });
  };
}

function isAccepted(read: ReturnType<typeof readerOf>, bytes: Uint8Array): boolean {
  try {
    read(bytes);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'BAD_REPLY' });
    return false;
  }
}

/** A typical frame with some of its fields replaced: `[path, count, bytes]`. */
function typical(changes: readonly (readonly [struct: string, index: number, field: string, value: number])[]) {
  const bytes = fromHex(sensorVector('orig-typical-fw06').frame_hex);
  const view = new DataView(bytes.buffer);
  for (const [struct, index, field, value] of changes) {
    const outer = original.sensors.fields.find(({ name }) => name === struct);
    const layout = original.structs[outer?.type ?? ''];
    const inner = layout?.fields.find(({ name }) => name === field);
    const size = layout?.size ?? Number(outer?.type.slice(1)) / 8;
    const offset = (outer?.offset ?? Number.NaN) + index * size + (inner?.offset ?? 0);
    const type = inner?.type ?? outer?.type;
    if (type === 'i32') view.setInt32(offset, value, true);
    else if (type === 'u8') view.setUint8(offset, value);
    else view.setInt16(offset, value, true);
  }
  return bytes;
}

/** xorshift32: the same bytes in every run. */
function randomBytes(seed: number): (length: number) => Uint8Array {
  let state = seed;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
  return (length) => Uint8Array.from({ length }, next);
}

// Vectors that show how integers are decoded, and that no board can mean: every field at the end of its type, and rails
// whose three numbers have nothing to do with each other.
const impossible = ['orig-max', 'orig-min', 'orig-sign-boundary'];
const isPossible = ({ id }: SensorVector) => !impossible.includes(id);

test.each(vectors.sensor_vectors.filter(isPossible))('$id is a frame that a board can send', (vector) => {
  expect(isAccepted(readerOf(contractFor(vector)), fromHex(vector.frame_hex))).toBe(true);
});

test.each(impossible)('%s is decoded by the vendor library and is still no sample', (id) => {
  const vector = sensorVector(id);
  expect(isAccepted(readerOf(contractFor(vector)), fromHex(vector.frame_hex))).toBe(false);
});

test.each([original, bl2])('none of 5,000 random frames of $product is accepted', (contract) => {
  const read = readerOf(contract);
  const bytes = randomBytes(20_260_101);
  const frames = Array.from({ length: 5000 }, () => bytes(contract.sensors.size));
  expect(frames.filter((frame) => isAccepted(read, frame))).toEqual([]);
});

test.each([original, bl2])(
  'random frames of $product with right enumerations are refused by their rails alone',
  (contract) => {
    const read = readerOf(contract);
    const bytes = randomBytes(7);
    const offsets = ['FanSwitchStatus', 'RGBSwitchStatus', 'RgbExtStatus'].map(
      (name) => contract.sensors.fields.find((field) => field.name === name)?.offset ?? Number.NaN,
    );
    const frames = Array.from({ length: 5000 }, () => bytes(contract.sensors.size));
    for (const frame of frames) for (const offset of offsets) frame[offset] = 0;
    expect(frames.filter((frame) => isAccepted(read, frame))).toEqual([]);
  },
);

test.each(['orig-typical', 'orig-typical-fw06', 'bl2-typical', 'bl2-fw07-typical'])(
  '%s is refused when it begins 1 to 20 bytes too early or too late',
  (id) => {
    const vector = sensorVector(id);
    const frame = fromHex(vector.frame_hex);
    const read = readerOf(contractFor(vector));
    const shifts = Array.from({ length: 20 }, (_, index) => index + 1);
    const accepted = shifts.flatMap((shift) => {
      const late = Uint8Array.of(...frame.subarray(shift), ...frame.subarray(0, shift)); // the next frame follows
      const early = Uint8Array.of(...frame.subarray(-shift), ...frame.subarray(0, -shift));
      const stale = Uint8Array.of(...new Uint8Array(shift), ...frame.subarray(0, -shift));
      return [late, early, stale].filter((bytes) => isAccepted(read, bytes)).map(() => shift);
    });
    expect(accepted).toEqual([]);
  },
);

test('one impossible temperature drops that reading and no other', () => {
  const { readings, rejected } = readerOf(original)(typical([['Ts', 0, '', 2000]]));
  expect(rejected).toBe(1);
  expect(readings.some(({ sensor }) => sensor.attributes['hw.sensor_location'] === 'TS_1')).toBe(false);
  expect(readings.some(({ sensor }) => sensor.attributes['hw.sensor_location'] === 'TS_2')).toBe(true);
});

test('one impossible voltage of a rail or duty drops that reading and no other', () => {
  const { rejected, totals } = readerOf(original)(
    typical([
      ['PowerReadings', 2, 'Voltage', 5300], // ATX3V
      ['Fans', 0, 'Duty', 101],
    ]),
  );
  expect(rejected).toBe(2);
  expect(totals.system).toBeCloseTo(557.806, 6);
});

test('rails without load read about 0, also a little below, and are kept', () => {
  const { rejected } = readerOf(original)(
    typical([
      ['PowerReadings', 8, 'Voltage', -30],
      ['PowerReadings', 8, 'Current', -40],
    ]),
  );
  expect(rejected).toBe(0);
});

test('one power that no connector can carry refuses the frame, for it would be counted as joules', () => {
  const read = readerOf(original);
  expect(() => read(typical([['PowerReadings', 9, 'Power', 2_000_001]]))).toThrow('HPWR1 carries 2000 W');
  expect(() => read(typical([['PowerReadings', 9, 'Power', -2_000_001]]))).toThrow('HPWR1 carries -2000 W');
});

test('up to a quarter of the rails may contradict themselves', () => {
  const wrong = (rail: number) => ['PowerReadings', rail, 'Power', 900_000] as const;
  const read = readerOf(original);
  expect(isAccepted(read, typical([wrong(0), wrong(1)]))).toBe(true);
  expect(() => read(typical([wrong(0), wrong(1), wrong(5)]))).toThrow('3 of 11 rails');
});

test('power may be a tenth from volts times amps, and not more', () => {
  const read = readerOf(original);
  const scaled = (share: number) =>
    typical([
      ['PowerReadings', 0, 'Power', 78_437 * share],
      ['PowerReadings', 1, 'Power', 50_688 * share],
      ['PowerReadings', 9, 'Power', 338_776 * share],
    ]);
  expect(isAccepted(read, scaled(1.09))).toBe(true);
  expect(isAccepted(read, scaled(1.15))).toBe(false);
});

test.each(['FanSwitchStatus', 'RGBSwitchStatus', 'RgbExtStatus'])(
  'a %s that does not exist refuses the frame',
  (name) => {
    expect(() => readerOf(original)(typical([[name, 0, '', 3]]))).toThrow(`${name} is 3`);
  },
);
