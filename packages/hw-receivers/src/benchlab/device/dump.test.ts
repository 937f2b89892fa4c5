import { constantBench, emulateBoard } from '@benchlab-otel/emulator';
import { expect, onTestFinished, test } from 'vitest';
import { contracts } from '../contract/contract.ts';
import { dumpBoard } from './dump.ts';

test.each(contracts)(
  '$product firmware $firmware is dumped with four requests and no other',
  async ({ variant, firmware, sensors }) => {
    const board = await emulateBoard({ product: variant, firmware, bench: constantBench() });
    onTestFinished(() => board.close());

    const dump = await dumpBoard(board.path, { frames: 5, pauseMs: 1 });

    expect(new Set(board.requests)).toEqual(new Set(['00', '0e', '0d', '01']));
    expect(dump).toMatchObject({ simulated: true, firmware, uid: board.uid, isPublished: true });
    expect(dump.frames.map(({ hex }) => hex.length)).toEqual(Array.from({ length: 5 }, () => 2 * sensors.size));
    expect(dump.roundTripMs.p50).toBeGreaterThan(0);
    expect(dump.decoded?.powerWatts.system).toBeGreaterThan(100);
  },
);

test('unpublished firmware is dumped too, and not decoded', async () => {
  const board = await emulateBoard({ fault: 'future-firmware', bench: constantBench() });
  onTestFinished(() => board.close());
  const dump = await dumpBoard(board.path, { frames: 2, redactUid: true });
  expect(dump.isPublished).toBe(false);
  expect(dump.decoded).toBeUndefined();
  expect(dump.uid).toBeUndefined();
  expect(JSON.stringify(dump)).not.toContain(board.uid);
  expect(dump.frames[0]?.hex).toHaveLength(2 * board.contract.sensors.size);
});

test.each(['wrong-welcome', 'wrong-product', 'greeting', 'silence'] as const)(
  'a device that is not a BENCHLAB (%s) is refused',
  async (fault) => {
    const board = await emulateBoard({ fault, bench: constantBench() });
    onTestFinished(() => board.close());
    await expect(dumpBoard(board.path, { frames: 1 })).rejects.toMatchObject({
      code: expect.stringMatching(/NOT_A_BENCHLAB|NO_REPLY/),
    });
    expect(board.requests.filter((request) => request !== '00' && request !== '0e')).toEqual([]);
  },
);

test('refuses a number of frames that is out of range', async () => {
  await expect(dumpBoard('/dev/null', { frames: 0 })).rejects.toThrow('frames');
});
