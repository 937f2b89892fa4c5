import type { Reading } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { contractOf, contracts, type FirmwareContract } from '../contract/contract.ts';
import type { BoardInfo } from '../device/connect.ts';
import { frameDecoder } from './decode.ts';
import { ConnectorImbalance } from './imbalance.ts';

const board = { uid: 'UID', simulated: false } as BoardInfo; // all that is looked at
const bl2 = contractOf(0x11, 7) as FirmwareContract; // published

/** Imbalance by connector for currents of HPWR1's wires in mA. */
function imbalance(contract: FirmwareContract, milliamps: readonly number[]): Record<string, number> {
  const decoder = frameDecoder(contract);
  const raw = new Int32Array(decoder.length);
  for (const [wire, value] of milliamps.entries()) {
    const rail = contract.rails.indexOf(`HPWR1_W${wire + 1}`);
    raw[decoder.slot(`PowerReadings.${rail}.Current`) ?? -1] = value;
  }
  const readings: Reading[] = [];
  new ConnectorImbalance(board, contract.rails, decoder).append(raw, readings);
  return Object.fromEntries(readings.map(({ sensor, value }) => [sensor.attributes['hw.sensor_location'], value]));
}

test.each([
  ['all wires alike', [8000, 8000, 8000, 8000, 8000, 8000], 0],
  ['one wire does not carry', [9600, 9600, 9600, 9600, 9600, 0], 9600 / 8000],
  ['one wire carries all', [48_000, 0, 0, 0, 0, 0], 6],
  ['a few per cent apart', [8000, 8200, 7900, 8100, 8000, 7800], 400 / 8000],
  ['an offset below zero', [5000, 5000, 5000, 5000, 5000, -100], 5100 / 4150],
])('%s', (_what, milliamps, expected) => {
  expect(imbalance(bl2, milliamps)).toEqual({ HPWR1: expect.closeTo(expected, 9) });
});

test.each([
  ['nothing', [0, 0, 0, 0, 0, 0]],
  ['next to nothing', [499, 499, 499, 499, 499, 499]],
  ['what is less than nothing', [-900, -900, -900, -900, -900, -900]],
])('a connector that carries %s has no imbalance', (_what, milliamps) => {
  expect(imbalance(bl2, milliamps)).toEqual({});
});

test('a board that measures no wires has no imbalance', () => {
  const original = contracts.find(({ variant }) => variant === 'original') as FirmwareContract; // published
  expect(imbalance(original, [])).toEqual({});
});
