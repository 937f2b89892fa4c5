import { type CommandName, type FirmwareContract, opcode } from '@benchlab-otel/hw-receivers/protocol';

/** What a request of one command looks like to one firmware. */
export interface RequestShape {
  readonly command: CommandName;
  /** Bytes with the opcode. `rest`: all bytes of the same transfer. */
  readonly length: number | 'rest';
  /** The firmware compares the length: a longer request is malformed, not cut. */
  readonly isExact: boolean;
}

/** WRITE_CALIBRATION takes the whole struct from these firmwares on, and an offset with a piece of it before. */
const wholeCalibrationFrom = { original: 6, bl2: 7 } as const;
/** FACTORY_CAL_UNLOCK exists on BENCHLAB 2 from this firmware on. */
const unlockFrom = 7;

/** The requests that a firmware knows, by opcode. Lengths are the `accepts` of the vendor's firmware contracts. */
export function requestShapes(contract: FirmwareContract): ReadonlyMap<number, RequestShape> {
  const { replyBytes, variant, firmware, structs } = contract;
  const shapes = new Map<number, RequestShape>();
  const add = (command: CommandName, length: RequestShape['length'], isExact = true): void => {
    shapes.set(opcode[command], { command, length, isExact });
  };
  const size = (struct: string): number => structs[struct]?.size ?? 0;

  for (const command of ['WELCOME', 'READ_SENSORS', 'READ_NAME', 'READ_UID', 'READ_VENDOR_DATA'] as const) {
    add(command, 1, false);
  }
  add('ACTION', 5);
  add('WRITE_NAME', 'rest');
  add('READ_FAN_PROFILE', 3);
  add('WRITE_FAN_PROFILE', 3 + size('FanConfigStruct'));
  add('READ_RGB', 2);
  add('WRITE_RGB', 2 + size('RGBConfigStruct'));
  add('READ_CALIBRATION', 1);
  add('WRITE_CALIBRATION', firmware >= wholeCalibrationFrom[variant] ? 1 + size('CalibrationStruct') : 'rest');
  add('LOAD_CALIBRATION', 2);
  add('STORE_CALIBRATION', 2);
  if (replyBytes.STATUS === undefined) return shapes;

  // STATUS, the configuration and the reset commands came together; a read without a size is not there yet.
  for (const command of ['STATUS', 'LOAD_CONFIG', 'STORE_CONFIG', 'RESET', 'BOOTLOADER'] as const)
    add(command, 1, false);
  if (replyBytes.READ_DEFAULT_CONFIG !== undefined) add('READ_DEFAULT_CONFIG', 1, false);
  if (replyBytes.READ_FAULT !== undefined) {
    add('READ_FAULT', 1, false);
    add('WRITE_FAULT', 1 + size('FaultConfigStruct'));
  }
  if (variant === 'bl2' && firmware >= unlockFrom) add('FACTORY_CAL_UNLOCK', 'rest');
  return shapes;
}

/**
 * One request for each transfer, unless the bytes divide into several whole ones: a pseudo-terminal joins what a client
 * writes in quick succession, where USB keeps it apart. Bytes that do not divide are one malformed request.
 */
export function divideRequests(bytes: Uint8Array, shapes: ReadonlyMap<number, RequestShape>): readonly Uint8Array[] {
  const requests: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const shape = shapes.get(bytes[at] ?? -1);
    if (!shape) return [bytes];
    const length = shape.length === 'rest' ? bytes.length - at : shape.length;
    if (at + length > bytes.length) return [bytes];
    requests.push(bytes.subarray(at, at + length));
    at += length;
  }
  return requests;
}
