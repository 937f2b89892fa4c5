import { OptionError } from '@benchlab-otel/core';
import type { FirmwareContract } from '@benchlab-otel/hw-receivers/protocol';
import { packStruct, type StructValues } from '@benchlab-otel/hw-receivers/protocol';

/** What a board keeps apart from its readings, as the bytes of the structs that it sends. */
export interface BoardMemory {
  /** 32 bytes, NUL padded. */
  name: Uint8Array;
  /** Three profiles of nine fans each: index profile * 9 + fan. */
  readonly fanProfiles: Uint8Array[];
  readonly rgbProfiles: Uint8Array[];
  calibration: Uint8Array;
  /** Empty where the firmware has none. */
  faultConfig: Uint8Array;
  /** The compiled-in defaults, which no write changes. Empty where the firmware cannot send them. */
  readonly defaultConfig: Uint8Array;
}

export const fanProfileCount = 3; // FAN_PROFILE_NUM of the vendor's contracts
export const fanCount = 9; // FAN_NUM
export const rgbProfileCount = 2; // RGB_PROFILE_NUM
export const nameLength = 32; // CONFIG_STR_LEN

/** The vendor does not publish how the checksum is made, so this is a mark, not a checksum. */
const crcMark = 0x1234;

const fanProfile: StructValues = {
  FanMode: 0, // by temperature
  TempSource: 1, // TS_1
  Temp: [300, 600],
  Duty: [30, 80],
  RampStep: 5,
  FixedDuty: 50,
  MinDuty: 20,
  MaxDuty: 100,
  FanStop: 0,
};
const rgbProfile: StructValues = { Mode: 9, Red: 255, Green: 64, Blue: 0, Direction: 1, Speed: 50 };

/** The limits are in the units of their kind: 1 degC for the first nine faults, 0.5 A for the others. */
const faultConfig: StructValues = {
  ActionEnable: [(1n << 34n) - 1n, (1n << 34n) - 1n], // light and sound for each of the 34 faults, nothing is switched
  ActionWaitTime: [0, 0, 10, 20, 10, 20],
  MaxLimit: [...filled(9, 90), ...filled(9, 80), ...filled(2, 110), ...filled(12, 20), ...filled(2, 6)],
  MinDuration: filled(34, 1),
};

/** A board as it leaves the factory, except for its name. */
export function factoryMemory(contract: FirmwareContract, name: string): BoardMemory {
  const pack = (struct: string, values: StructValues): Uint8Array => {
    const layout = contract.structs[struct];
    return layout ? packStruct(layout, contract.structs, values) : new Uint8Array(0);
  };
  return {
    name: nameBytes(name),
    fanProfiles: Array.from({ length: fanProfileCount * fanCount }, () => pack('FanConfigStruct', fanProfile)),
    rgbProfiles: Array.from({ length: rgbProfileCount }, () => pack('RGBConfigStruct', rgbProfile)),
    calibration: pack('CalibrationStruct', { Crc: crcMark }),
    faultConfig: pack('FaultConfigStruct', faultConfig),
    defaultConfig: pack('DeviceConfigStruct', {
      Version: contract.firmware,
      Crc: crcMark,
      FriendlyName: 'BENCHLAB',
      FanProfile: filled(fanProfileCount * fanCount, fanProfile),
      RGBConfig: filled(rgbProfileCount, rgbProfile),
      FaultConfig: faultConfig,
    }),
  };
}

/** Text as the board keeps it. @throws OptionError for more than 31 bytes of UTF-8, because the last byte stays NUL */
export function nameBytes(name: string): Uint8Array {
  const text = new TextEncoder().encode(name);
  if (text.length >= nameLength) {
    throw new OptionError({
      option: 'name',
      value: name,
      allowed: `a text of at most ${nameLength - 1} bytes in UTF-8`,
    });
  }
  const bytes = new Uint8Array(nameLength);
  bytes.set(text);
  return bytes;
}

function filled<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}
