import { type CommandName, opcode } from '../contract/contract.ts';

/** Bytes that go to a board. This file makes them for reads, `../writes` for writes. */
export interface Request {
  readonly command: CommandName;
  readonly bytes: Uint8Array;
}

/**
 * All that a receiver ever sends to a board. Other boards share the USB id of BENCHLAB and take other opcodes for "erase
 * flash". On a real board ACTION presses the PC's power button. So a receiver has no way to send anything else.
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

/** Reads of settings. None of them changes anything. None is sent unless a caller asks for it. */
export type SettingsRead = Extract<
  CommandName,
  'READ_FAN_PROFILE' | 'READ_RGB' | 'READ_CALIBRATION' | 'READ_FAULT' | 'READ_DEFAULT_CONFIG' | 'STATUS'
>;

/** @param which the profile and its fan, where the command takes them */
export function settingsRequest(command: SettingsRead, ...which: readonly number[]): Request {
  return { command, bytes: Uint8Array.of(opcode[command], ...which) };
}
