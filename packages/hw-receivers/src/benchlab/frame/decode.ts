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
   * slots, `FaultStatus.low` and `FaultStatus.high`. Undefined where this firmware has no such field.
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

// The order of the loops in `looped`, and so of the slots.
const types = ['u8', 'i16', 'u16', 'i32'] as const;

/**
 * Compiles the layout of a contract: padding bytes are simply in none of its fields. Unrolled into one statement a field
 * where the process may make code from strings, which takes a fifth of the time (bench/decode.bench.mjs), else by loops
 * over offsets.
 */
export function frameDecoder(contract: FirmwareContract, makeCode: MakeCode = newFunction): FrameDecoder {
  const frameBytes = contract.sensors.size;
  const fields = splitWords(flatten(contract, contract.sensors.fields, 0, ''));
  const ordered = types.flatMap((type) => fields.filter((field) => field.type === type));
  if (ordered.length !== fields.length) throw new TypeError(`${contract.product}: a sensor field has an unknown type`);
  const slots = new Map(ordered.map((field, slot) => [field.path, slot]));
  const fill = unrolled(ordered, makeCode) ?? looped(ordered);
  return {
    frameBytes,
    length: ordered.length,
    slot: (path) => slots.get(path),
    decode(frame, frameLength, raw) {
      if (frameLength !== frameBytes) throw wrongLength(contract, frameLength);
      fill(frame, raw);
    },
  };
}

type Fill = (frame: DataView, raw: Int32Array) => void;

/** `new Function`, or what stands in for it. Throws where code from strings is not allowed. */
export type MakeCode = (...parametersAndBody: readonly string[]) => unknown;
const newFunction: MakeCode = (...parts) => new Function(...parts);

const calls: Readonly<Record<string, (offset: number) => string>> = {
  u8: (offset) => `frame.getUint8(${offset})`,
  i16: (offset) => `frame.getInt16(${offset}, true)`,
  u16: (offset) => `frame.getUint16(${offset}, true)`,
  i32: (offset) => `frame.getInt32(${offset}, true)`,
};

/** Nothing but numbers of the firmware contract and the words above enter the code. */
function unrolled(fields: readonly Field[], makeCode: MakeCode): Fill | undefined {
  const lines = fields.map(({ type, offset }, slot) => `raw[${slot}] = ${calls[type]?.(offset)};`);
  try {
    return makeCode('frame', 'raw', lines.join('\n')) as Fill; // the lines above
  } catch {
    // node --disallow-code-generation-from-strings, or a content security policy
    return undefined;
  }
}

function looped(fields: readonly Field[]): Fill {
  const [u8, i16, u16, i32] = types.map((type) => fields.filter((f) => f.type === type).map((f) => f.offset));
  const [bytes = [], shorts = [], words = [], longs = []] = [u8, i16, u16, i32];
  return (frame, raw) => {
    let slot = 0;
    for (const offset of bytes) raw[slot++] = frame.getUint8(offset);
    for (const offset of shorts) raw[slot++] = frame.getInt16(offset, true);
    for (const offset of words) raw[slot++] = frame.getUint16(offset, true);
    for (const offset of longs) raw[slot++] = frame.getInt32(offset, true);
  };
}

/** Every integer of a struct, arrays and structs within it opened, in the order of the contract. */
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
