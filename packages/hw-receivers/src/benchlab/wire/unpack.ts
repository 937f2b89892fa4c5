import type { StructLayout } from '../contract/contract.ts';

/** A struct of the firmware by its field names. A 64-bit word is a big integer, text ends before its first NUL. */
export interface UnpackedStruct {
  readonly [field: string]: UnpackedValue;
}
/** A value that was read from the bytes of a board. */
export type UnpackedValue = number | bigint | string | UnpackedStruct | readonly UnpackedValue[];

/** The fields of a struct as the firmware has it in memory: the inverse of `packStruct`. Padding is in none of them. */
export function unpackStruct(
  layout: StructLayout,
  structs: Readonly<Record<string, StructLayout>>,
  bytes: Uint8Array,
): UnpackedStruct {
  if (bytes.length !== layout.size) throw new RangeError(`${bytes.length} bytes are not a struct of ${layout.size}.`);
  return unpackAt(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), layout, structs, 0);
}

function unpackAt(
  view: DataView,
  layout: StructLayout,
  structs: Readonly<Record<string, StructLayout>>,
  base: number,
): UnpackedStruct {
  return Object.fromEntries(
    layout.fields.map(({ name, type, offset, count }) => {
      if (type === 'char') return [name, text(view, base + offset, count ?? 1)];
      const inner = structs[type];
      const size = inner?.size ?? Number(type.slice(1)) / 8;
      const element = (k: number): UnpackedValue => {
        const at = base + offset + k * size;
        return inner ? unpackAt(view, inner, structs, at) : integer(view, type, at);
      };
      return [name, count === undefined ? element(0) : Array.from({ length: count }, (_, k) => element(k))];
    }),
  );
}

function text(view: DataView, at: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
}

function integer(view: DataView, type: string, at: number): number | bigint {
  switch (type) {
    case 'u8':
      return view.getUint8(at);
    case 'i8':
      return view.getInt8(at);
    case 'u16':
      return view.getUint16(at, true);
    case 'i16':
      return view.getInt16(at, true);
    case 'u32':
      return view.getUint32(at, true);
    case 'i32':
      return view.getInt32(at, true);
    case 'u64':
      return view.getBigUint64(at, true);
    default:
      throw new TypeError(`contract names the type ${type}, which nothing here unpacks`);
  }
}
