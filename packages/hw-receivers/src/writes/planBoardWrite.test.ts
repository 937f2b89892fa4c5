import { BenchlabError } from '@benchlab-otel/core';
import { constantBench, type EmulatorOptions, emulateBoard } from '@benchlab-otel/emulator';
import { expect, onTestFinished, test } from 'vitest';
import { contracts } from '../benchlab/contract/contract.ts';
import { boardSettings } from '../benchlab/device/boardSettings.ts';
import { findBoards } from '../benchlab/device/boards.ts';
import type { StructValues } from '../benchlab/wire/pack.ts';
import * as entry from './index.ts';
import { type BoardChange, planBoardWrite } from './planBoardWrite.ts';

const fan: StructValues = {
  FanMode: 1,
  TempSource: 2,
  Temp: [250, 550],
  Duty: [20, 90],
  RampStep: 3,
  FixedDuty: 60,
  MinDuty: 10,
  MaxDuty: 95,
  FanStop: 1,
};

async function emulated(options: EmulatorOptions = {}) {
  const board = await emulateBoard({ bench: constantBench(), ...options });
  onTestFinished(() => board.close());
  return board;
}

/** Requests that are no reads. */
const writes = (requests: readonly string[]) =>
  requests.filter((request) => /^(02|04|06|08|0a|0b|0c|10|11|12|16|f0|f1)/.test(request));

test('a plan reads and shows bytes, and writes nothing', async () => {
  const board = await emulated();
  const plan = await planBoardWrite(board.path, { kind: 'name', name: 'rig-07' });
  expect(plan).toMatchObject({ description: 'name "rig-07"', board: { uid: board.uid, simulated: true } });
  expect(plan.requestHex).toBe(`04${Buffer.from('rig-07').toString('hex').padEnd(62, '0')}`);
  expect(Buffer.from(plan.beforeHex, 'hex').toString()).toContain('emulated');
  expect(writes(board.requests)).toEqual([]);
});

test.each(contracts)(
  '$product firmware $firmware takes a name, a fan profile and lights, and reads them back',
  async ({ variant, firmware }) => {
    const board = await emulated({ product: variant, firmware });
    const lights = { Mode: 1, Red: 1, Green: 2, Blue: 3, Direction: 0, Speed: 9 };
    const changes: BoardChange[] = [
      { kind: 'name', name: 'rig-07' },
      { kind: 'fan_profile', profile: 1, fan: 8, values: fan },
      { kind: 'rgb_profile', profile: 1, values: lights },
    ];
    for (const change of changes) {
      const plan = await planBoardWrite(board.path, change);
      await plan.apply({ uid: board.uid });
    }
    const settings = await boardSettings(board.path);
    expect(settings.fanProfiles?.[1]?.[8]).toMatchObject(fan);
    expect(settings.fanProfiles?.[1]?.[7]).not.toMatchObject(fan);
    expect(settings.rgbProfiles?.[1]).toMatchObject(lights);
    expect((await findBoards({ ports: [board.path] })).boards[0]?.name).toBe('rig-07');
    expect(writes(board.requests)).toHaveLength(3);
  },
);

test('fault limits are written whole where the firmware has them, and refused before any byte where it lacks them', async () => {
  const board = await emulated({ product: 'bl2', firmware: 7 });
  const { faultLimits } = await boardSettings(board.path);
  const values = {
    ...faultLimits,
    MaxLimit: [faultLimits?.MaxLimit ?? []].flat().map((limit) => Number(limit) + 1),
  } as StructValues;
  await (await planBoardWrite(board.path, { kind: 'fault_limits', values })).apply({ uid: board.uid });
  expect((await boardSettings(board.path)).faultLimits).toEqual(values);

  const original = await emulated({ product: 'original', firmware: 6, serial: 2 });
  await expect(planBoardWrite(original.path, { kind: 'fault_limits', values })).rejects.toThrow('has no limits');
  expect(writes(original.requests)).toEqual([]);
});

test('a board other than the planned or the confirmed one gets nothing', async () => {
  const board = await emulated();
  const plan = await planBoardWrite(board.path, { kind: 'name', name: 'rig-07' });
  await expect(plan.apply({ uid: 'another' })).rejects.toThrow('Nothing was written');
  expect(writes(board.requests)).toEqual([]);
});

test.each<[string, BoardChange, string]>([
  ['a name of 31 bytes', { kind: 'name', name: 'x'.repeat(31) }, '1 to 30 bytes'],
  ['a name of many bytes in few letters', { kind: 'name', name: 'ü'.repeat(16) }, '1 to 30 bytes'],
  ['no name', { kind: 'name', name: '' }, 'text'],
  ['a name with a line end', { kind: 'name', name: 'a\nb' }, 'text'],
  ['a fan that does not exist', { kind: 'fan_profile', profile: 0, fan: 9, values: fan }, 'fan is 9'],
  ['a profile that does not exist', { kind: 'rgb_profile', profile: 2, values: {} }, 'profile is 2'],
  [
    'half a struct',
    { kind: 'fan_profile', profile: 0, fan: 0, values: { FanMode: 1 } },
    'values.TempSource is undefined',
  ],
  [
    'a field that does not exist',
    { kind: 'fan_profile', profile: 0, fan: 0, values: { ...fan, Speed: 1 } },
    'values.Speed is 1. It must be left out',
  ],
])('%s is refused before a byte is written', async (_what, change, message) => {
  const board = await emulated();
  await expect(planBoardWrite(board.path, change)).rejects.toThrow(message);
  expect(writes(board.requests)).toEqual([]);
});

test.each(['wrong-welcome', 'wrong-product', 'future-firmware'] as const)(
  'a device that is not a published BENCHLAB (%s) gets nothing',
  async (fault) => {
    const board = await emulated({ fault });
    await expect(planBoardWrite(board.path, { kind: 'name', name: 'x' })).rejects.toBeInstanceOf(BenchlabError);
    expect(writes(board.requests)).toEqual([]);
  },
);

test('the entry has this and no other way to write', () => {
  expect(Object.keys(entry)).toEqual(['planBoardWrite']);
});
