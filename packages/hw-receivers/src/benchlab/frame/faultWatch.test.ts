import { expect, test } from 'vitest';
import { contractOf, type FirmwareContract } from '../contract/contract.ts';
import { frameDecoder } from './decode.ts';
import { FaultWatch } from './faultWatch.ts';

const bl2 = contractOf(0x11, 7) as FirmwareContract; // published
const decoder = frameDecoder(bl2);

function frame(live: bigint, latched = live): Int32Array {
  const raw = new Int32Array(decoder.length);
  for (const [field, word] of [
    ['FaultStatus', live],
    ['FaultLog', latched],
  ] as const) {
    raw[decoder.slot(`${field}.low`) ?? -1] = Number(BigInt.asIntN(32, word));
    raw[decoder.slot(`${field}.high`) ?? -1] = Number(BigInt.asIntN(32, word >> 32n));
  }
  return raw;
}

const changesOf = (watch: FaultWatch, raw: Int32Array) =>
  watch.changes(raw).map(({ name, kind, state }) => `${kind} ${name} ${state}`);

test('a fault is reported when it comes and when it goes, and in no frame between', () => {
  const watch = new FaultWatch(decoder);
  expect(changesOf(watch, frame(0n))).toEqual([]);
  expect(changesOf(watch, frame(1n << 22n))).toEqual([
    'live wire_ocp_hpwr1_wire3 raised',
    'latched wire_ocp_hpwr1_wire3 raised',
  ]);
  expect(changesOf(watch, frame(1n << 22n))).toEqual([]);
  expect(changesOf(watch, frame(0n, 1n << 22n))).toEqual(['live wire_ocp_hpwr1_wire3 cleared']);
  expect(changesOf(watch, frame(0n))).toEqual(['latched wire_ocp_hpwr1_wire3 cleared']);
});

test('a fault in the first frame is reported as raised', () => {
  expect(changesOf(new FaultWatch(decoder), frame(1n, 0n))).toEqual(['live otp_tchip raised']);
});

test('every bit of both words is reported, the highest and the unpublished too', () => {
  const watch = new FaultWatch(decoder);
  const all = (1n << 64n) - 1n;
  expect(changesOf(watch, frame(all))).toHaveLength(128);
  expect(changesOf(watch, frame(all ^ (1n << 63n), all))).toEqual(['live unknown_63 cleared']);
});

test('firmware without fault words has no changes', () => {
  const older = contractOf(0x11, 4) as FirmwareContract; // published
  const own = frameDecoder(older);
  expect(new FaultWatch(own).changes(new Int32Array(own.length).fill(-1))).toEqual([]);
});
