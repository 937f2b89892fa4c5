import type { CommandName, FirmwareContract } from '../contract/contract.ts';
import { settingsRequest } from '../wire/command.ts';
import type { Exchange } from '../wire/exchange.ts';
import { type UnpackedStruct, unpackStruct } from '../wire/unpack.ts';
import type { Connection } from './connect.ts';

/** The settings of a board, by the field names of the vendor's contract. Absent where its firmware has no such read. */
export interface BoardSettings {
  /** Three profiles of nine fans each. */
  readonly fanProfiles?: readonly (readonly UnpackedStruct[])[];
  readonly rgbProfiles?: readonly UnpackedStruct[];
  /** With its checksum `Crc`, as it is in the board. */
  readonly calibration?: UnpackedStruct;
  /** Limits, minimum durations and actions of each fault. */
  readonly faultLimits?: UnpackedStruct;
  /** The compiled-in defaults, not the settings of now. */
  readonly defaults?: UnpackedStruct;
  /** Result of the command before: 0 for success. */
  readonly status?: number;
}

const profiles = 3; // FAN_PROFILE_NUM
const fans = 9; // FAN_NUM
const rgbProfiles = 2; // RGB_PROFILE_NUM

/**
 * Reads the settings of a board: fan profiles, lights, calibration, fault limits, defaults. One request after the other.
 * Commands that its firmware lacks are never sent. Nothing is changed.
 */
export async function readSettings({
  exchange,
  contract,
}: Pick<Connection, 'exchange' | 'contract'>): Promise<BoardSettings> {
  const fanProfiles: UnpackedStruct[][] = [];
  if (has(contract, 'READ_FAN_PROFILE')) {
    for (let profile = 0; profile < profiles; profile++) {
      const row: UnpackedStruct[] = [];
      for (let fan = 0; fan < fans; fan++)
        row.push(await readStruct(exchange, contract, 'READ_FAN_PROFILE', profile, fan));
      fanProfiles.push(row);
    }
  }
  const rgb: UnpackedStruct[] = [];
  if (has(contract, 'READ_RGB')) {
    for (let profile = 0; profile < rgbProfiles; profile++)
      rgb.push(await readStruct(exchange, contract, 'READ_RGB', profile));
  }
  const one = async (command: keyof typeof structs) =>
    has(contract, command) ? readStruct(exchange, contract, command) : undefined;
  const [calibration, faultLimits, defaults] = [
    await one('READ_CALIBRATION'),
    await one('READ_FAULT'),
    await one('READ_DEFAULT_CONFIG'),
  ];
  const status = await readStatus({ exchange, contract });
  return {
    ...(fanProfiles.length > 0 && { fanProfiles }),
    ...(rgb.length > 0 && { rgbProfiles: rgb }),
    ...(calibration && { calibration }),
    ...(faultLimits && { faultLimits }),
    ...(defaults && { defaults }),
    ...(status !== undefined && { status }),
  };
}

/** Result of the command before this: 0 for success. Undefined where the firmware has no STATUS. */
export async function readStatus({
  exchange,
  contract,
}: Pick<Connection, 'exchange' | 'contract'>): Promise<number | undefined> {
  if (!has(contract, 'STATUS')) return undefined;
  return (await exchange.askRequest(settingsRequest('STATUS'), { bytes: 1 })).bytes[0];
}

const structs = {
  READ_FAN_PROFILE: 'FanConfigStruct',
  READ_RGB: 'RGBConfigStruct',
  READ_CALIBRATION: 'CalibrationStruct',
  READ_FAULT: 'FaultConfigStruct',
  READ_DEFAULT_CONFIG: 'DeviceConfigStruct',
} as const;

/** One struct of the board. */
async function readStruct(
  exchange: Exchange,
  contract: FirmwareContract,
  command: keyof typeof structs,
  ...which: readonly number[]
): Promise<UnpackedStruct> {
  const layout = contract.structs[structs[command]];
  const bytes = contract.replyBytes[command];
  if (layout === undefined || bytes !== layout.size) throw new TypeError(`${command} has no layout in the contract`);
  const reply = await exchange.askRequest(settingsRequest(command, ...which), { bytes });
  return unpackStruct(layout, contract.structs, reply.bytes.slice());
}

function has({ replyBytes }: FirmwareContract, command: CommandName): boolean {
  return replyBytes[command] !== undefined;
}
