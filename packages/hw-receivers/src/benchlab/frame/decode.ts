import { BenchlabError } from '@benchlab-otel/core';
import type { FirmwareContract } from '../contract/contract.ts';

/**
 * Turns a sensor frame into raw integers, by the layout of one contract. Made once for a contract; decoding then allocates
 * nothing.
 */
export interface FrameDecoder {
  /** Bytes of a frame, no more and no less. */
  readonly frameBytes: number;
  /** Integers of a frame: the length that `raw` needs. */
  readonly length: number;
  /**
   * Where a field is in `raw`, by its path in the contract: `Vin.0`, `PowerReadings.9.Power`, `Tamb`. A 64-bit word is two
   * slots, `FaultStatus.low` and `FaultStatus.high`. Undefined where this firmware lacks the field.
   */
  slot(path: string): number | undefined;
  /**
   * @param frame from its first byte; it may be longer than `frameLength`
   * @param frameLength bytes that were received: anything but `frameBytes` is BAD_REPLY, and nothing is decoded
   */
  decode(frame: DataView, frameLength: number, raw: Int32Array): void;
}

interface Field {
  readonly path: string;
  readonly type: string;
  readonly offset: number;
}

// The order of the slots: all fields of one type, then those of the next.
const types = ['u8', 'i16', 'u16', 'i32'] as const;

/** The layout of a contract as offsets, by type. Padding bytes are in none of its fields, so they are never read. */
export function frameDecoder(contract: FirmwareContract): FrameDecoder {
  const frameBytes = contract.sensors.size;
  const fields = splitWords(flatten(contract, contract.sensors.fields, 0, ''));
  const ofType = (type: (typeof types)[number]) => fields.filter((field) => field.type === type);
  const ordered = types.flatMap(ofType);
  if (ordered.length !== fields.length) throw new TypeError(`${contract.product}: a sensor field has an unknown type`);
  const slots = new Map(ordered.map((field, slot) => [field.path, slot]));
  const offsets = (type: (typeof types)[number]) => ofType(type).map(({ offset }) => offset);
  const [u8, i16, u16, i32] = [offsets('u8'), offsets('i16'), offsets('u16'), offsets('i32')];
  return {
    frameBytes,
    length: ordered.length,
    slot: (path) => slots.get(path),
    decode(frame, frameLength, raw) {
      if (frameLength !== frameBytes) throw wrongLength(contract, frameLength);
      let slot = 0;
      for (const offset of u8) raw[slot++] = frame.getUint8(offset);
      for (const offset of i16) raw[slot++] = frame.getInt16(offset, true);
      for (const offset of u16) raw[slot++] = frame.getUint16(offset, true);
      for (const offset of i32) raw[slot++] = frame.getInt32(offset, true);
    },
  };
}

/** Every integer of a struct, including those of its arrays and inner structs, in the order of the contract. */
function flatten(
  contract: FirmwareContract,
  fields: FirmwareContract['sensors']['fields'],
  base: number,
  prefix: string,
): Field[] {
  return fields.flatMap((field) => {
    const inner = contract.structs[field.type];
    const size = inner?.size ?? Number(field.type.slice(1)) / 8;
    return Array.from({ length: field.count ?? 1 }, (_, index) => {
      const path = `${prefix}${field.name}${field.count === undefined ? '' : `.${index}`}`;
      const offset = base + field.offset + index * size;
      return inner ? flatten(contract, inner.fields, offset, `${path}.`) : [{ path, type: field.type, offset }];
    }).flat();
  });
}

/** 64-bit words as two 32-bit halves, little end first. */
function splitWords(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) =>
    field.type === 'u64'
      ? [
          { path: `${field.path}.low`, type: 'i32', offset: field.offset },
          { path: `${field.path}.high`, type: 'i32', offset: field.offset + 4 },
        ]
      : [field],
  );
}

function wrongLength(contract: FirmwareContract, length: number): BenchlabError {
  const { product, firmware, sensors } = contract;
  const what = `A frame of ${length} bytes came where ${product} firmware ${firmware} sends ${sensors.size}.`;
  return new BenchlabError('BAD_REPLY', what, 'Check the firmware number, and --assume-firmware if it was given.');
}
