import { type CommandName, opcode } from '../contract/contract.ts';

/** Bytes that go to a board. They are made in this file for what reads, and in `../writes` for what was asked to write. */
export interface Request {
  readonly command: CommandName;
  readonly bytes: Uint8Array;
}

/**
 * All that a receiver ever sends to a board. Look-alike boards share BENCHLAB's USB id and read other opcodes as "erase
 * flash"; on a real board ACTION presses the PC's power button. So there is no way to send anything else.
 */
export type ReadCommand = Extract<
  CommandName,
  'WELCOME' | 'READ_SENSORS' | 'READ_NAME' | 'READ_UID' | 'READ_VENDOR_DATA'
>;

/** The request of each read: its opcode, no arguments. */
export const request: Readonly<Record<ReadCommand, Uint8Array>> = {
  WELCOME: Uint8Array.of(opcode.WELCOME),
  READ_SENSORS: Uint8Array.of(opcode.READ_SENSORS),
  READ_NAME: Uint8Array.of(opcode.READ_NAME),
  READ_UID: Uint8Array.of(opcode.READ_UID),
  READ_VENDOR_DATA: Uint8Array.of(opcode.READ_VENDOR_DATA),
};

/** Reads of what a board is set to. None of them changes anything; none is sent unless somebody asks for it. */
export type SettingsRead = Extract<
  CommandName,
  'READ_FAN_PROFILE' | 'READ_RGB' | 'READ_CALIBRATION' | 'READ_FAULT' | 'READ_DEFAULT_CONFIG' | 'STATUS'
>;

/** @param which the profile, and the fan of it, where the command takes them */
export function settingsRequest(command: SettingsRead, ...which: readonly number[]): Request {
  return { command, bytes: Uint8Array.of(opcode[command], ...which) };
}
