import { type CommandName, opcode } from './contract.ts';

/**
 * All that is ever sent to a board from here. Look-alike boards share BENCHLAB's USB id and read other opcodes as "erase
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
