import { constantBench, emulateBoard } from '@benchlab-otel/emulator';
import { expect, onTestFinished, test } from 'vitest';
import { contracts, opcode } from '../contract/contract.ts';
import { boardSettings } from './boardSettings.ts';

// On a real line, against every published firmware: which requests a board gets is what its contract has.

test.each(contracts)(
  '$product firmware $firmware returns the settings that it has a read for, and is asked for nothing else',
  async (contract) => {
    const { variant, firmware, replyBytes } = contract;
    const board = await emulateBoard({ product: variant, firmware, bench: constantBench() });
    onTestFinished(() => board.close());

    const settings = await boardSettings(board.path);

    expect(settings.fanProfiles?.map((row) => row.length)).toEqual([9, 9, 9]);
    expect(settings.fanProfiles?.[2]?.[8]).toMatchObject({
      FanMode: 0,
      TempSource: 1,
      Temp: [300, 600],
      Duty: [30, 80],
    });
    expect(settings.rgbProfiles).toHaveLength(2);
    expect(settings.rgbProfiles?.[0]).toMatchObject({ Mode: 9, Red: 255, Green: 64 });
    expect(settings.calibration).toMatchObject({ Crc: 0x1234 });
    expect(settings.faultLimits !== undefined).toBe(replyBytes.READ_FAULT !== undefined);
    expect(settings.defaults !== undefined).toBe(replyBytes.READ_DEFAULT_CONFIG !== undefined);
    expect(settings.status).toBe(replyBytes.STATUS === undefined ? undefined : 0);
    const asked = new Set(board.requests.map((request) => Number.parseInt(request.slice(0, 2), 16)));
    const known = new Set(Object.keys(replyBytes).map((name) => opcode[name as keyof typeof opcode]));
    expect([...asked].filter((code) => !known.has(code))).toEqual([]);
  },
);
