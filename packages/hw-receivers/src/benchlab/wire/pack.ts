import type { StructField, StructLayout } from '../contract/contract.ts';

/** Values for the fields of a struct by name. An array field takes a list; what is not named becomes zero bytes. */
export interface StructValues {
  readonly [field: string]: PackedValue | undefined;
}

type PackedValue = number | bigint | string | StructValues | readonly PackedValue[];

/**
 * The bytes of a struct as the firmware has them in memory: little-endian, each field at its offset. `padding` fills
 * the bytes between the fields, which the firmware copies to the wire unchanged. An integer beyond the range of its field
 * is clamped to it.
 */
export function packStruct(
  layout: StructLayout,
  structs: Readonly<Record<string, StructLayout>>,
  values: StructValues,
  padding = 0,
): Uint8Array {
  const bytes = new Uint8Array(layout.size);
  packInto(new DataView(bytes.buffer), layout, structs, values, padding);
  return bytes;
}

function packInto(
  view: DataView,
  layout: StructLayout,
  structs: Readonly<Record<string, StructLayout>>,
  values: StructValues,
  padding: number,
): void {
  new Uint8Array(view.buffer, view.byteOffset, layout.size).fill(padding);
  for (const field of layout.fields) {
    const value = values[field.name];
    if (field.type === 'char') {
      packText(view, field, typeof value === 'string' ? value : '');
      continue;
    }
    const size = sizeOf(field.type, structs);
    const elements: readonly (PackedValue | undefined)[] = Array.isArray(value) ? value : [value];
    for (let index = 0; index < (field.count ?? 1); index++) {
      packElement(view, field.offset + index * size, field.type, elements[index]);
    }
  }

  function packElement(into: DataView, at: number, type: string, value: PackedValue | undefined): void {
    const struct = structs[type];
    if (struct) {
      const part = new DataView(into.buffer, into.byteOffset + at, struct.size);
      packInto(part, struct, structs, isStruct(value) ? value : {}, padding);
    } else {
      packInteger(into, at, type, typeof value === 'bigint' ? value : Number(value ?? 0));
    }
  }
}

function isStruct(value: PackedValue | undefined): value is StructValues {
  return typeof value === 'object' && !Array.isArray(value);
}

function packText(view: DataView, field: StructField, text: string): void {
  const into = new Uint8Array(view.buffer, view.byteOffset + field.offset, field.count ?? 1);
  into.fill(0);
  new TextEncoder().encodeInto(text, into);
}

function packInteger(view: DataView, at: number, type: string, value: number | bigint): void {
  const integer = Number(value);
  switch (type) {
    case 'u8':
      view.setUint8(at, hold(integer, 0, 0xff));
      break;
    case 'u16':
      view.setUint16(at, hold(integer, 0, 0xffff), true);
      break;
    case 'i16':
      view.setInt16(at, hold(integer, -0x8000, 0x7fff), true);
      break;
    case 'i32':
      view.setInt32(at, hold(integer, -0x80000000, 0x7fffffff), true);
      break;
    case 'u64':
      view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
      break;
    default:
      throw new TypeError(`contract names the type ${type}, which nothing here packs`);
  }
}

function hold(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, Math.round(value)));
}

/** Bytes of one element, as the C compiler of the board sees it. */
function sizeOf(type: string, structs: Readonly<Record<string, StructLayout>>): number {
  return structs[type]?.size ?? Number(type.slice(1)) / 8;
}
