import type { FirmwareContract } from '@benchlab-otel/hw-receivers/protocol';
import { packStruct, type StructValues } from '@benchlab-otel/hw-receivers/protocol';

/** What a board keeps besides its readings, as the bytes of the structs that it sends. */
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

export const FAN_PROFILES = 3; // FAN_PROFILE_NUM of the vendor's contracts
export const FANS = 9; // FAN_NUM
export const RGB_PROFILES = 2; // RGB_PROFILE_NUM
export const NAME_BYTES = 32; // CONFIG_STR_LEN

/** The vendor does not publish how the checksum is made, so this is a mark, not a checksum. */
const CRC_MARK = 0x1234;

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

/** A board as it leaves the factory, but for its name. */
export function factoryMemory(contract: FirmwareContract, name: string): BoardMemory {
  const pack = (struct: string, values: StructValues): Uint8Array => {
    const layout = contract.structs[struct];
    return layout ? packStruct(layout, contract.structs, values) : new Uint8Array(0);
  };
  return {
    name: nameBytes(name),
    fanProfiles: Array.from({ length: FAN_PROFILES * FANS }, () => pack('FanConfigStruct', fanProfile)),
    rgbProfiles: Array.from({ length: RGB_PROFILES }, () => pack('RGBConfigStruct', rgbProfile)),
    calibration: pack('CalibrationStruct', { Crc: CRC_MARK }),
    faultConfig: pack('FaultConfigStruct', faultConfig),
    defaultConfig: pack('DeviceConfigStruct', {
      Version: contract.firmware,
      Crc: CRC_MARK,
      FriendlyName: 'BENCHLAB',
      FanProfile: filled(FAN_PROFILES * FANS, fanProfile),
      RGBConfig: filled(RGB_PROFILES, rgbProfile),
      FaultConfig: faultConfig,
    }),
  };
}

/** Text as the board keeps it. Throws a RangeError for more than 31 bytes of UTF-8: the last byte stays NUL. */
export function nameBytes(name: string): Uint8Array {
  const text = new TextEncoder().encode(name);
  if (text.length >= NAME_BYTES) throw new RangeError(`name: at most ${NAME_BYTES - 1} bytes, not ${text.length}`);
  const bytes = new Uint8Array(NAME_BYTES);
  bytes.set(text);
  return bytes;
}

function filled<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}
