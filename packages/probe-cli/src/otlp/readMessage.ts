import type { FieldKind, MessageKind } from './messageKind.ts';
import { Repeats } from './repeats.ts';

type ReadMessage = Record<string, unknown>;

/**
 * A protobuf message as an object: ids are hexadecimal, other bytes a part of the request, and numbers of 64 bits are bigints where a
 * number could not hold them.
 * The message was walked before (`MessageWalk`): its lengths and wire types are right.
 */
export function readMessage(bytes: Buffer, kind: MessageKind): ReadMessage {
  return new MessageReader(bytes).message(kind, bytes.length);
}

class MessageReader {
  readonly #bytes: Buffer;
  readonly #texts: Repeats<string>;
  readonly #attributes: Repeats<ReadMessage>;
  readonly #text = (start: number, end: number) => this.#bytes.toString('utf8', start, end);
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#texts = new Repeats(bytes);
    this.#attributes = new Repeats(bytes);
  }

  message({ fields }: MessageKind, end: number): ReadMessage {
    const result: ReadMessage = {};
    while (this.#at < end) {
      const tag = this.#varint();
      const field = fields.get(tag >>> 3);
      if (field === undefined) this.#skip(tag & 7);
      else if (field.isList) this.#addTo(listIn(result, field.name), field, tag & 7);
      else result[field.name] = this.#value(field);
    }
    return result;
  }

  #addTo(list: unknown[], field: FieldKind, wireType: number): void {
    if (wireType === field.wireType) {
      list.push(this.#value(field));
      return;
    }
    // Packed: many numbers in one field.
    const length = this.#varint();
    const end = this.#at + length;
    while (this.#at < end) list.push(this.#value(field));
  }

  #value({ type }: FieldKind): unknown {
    if (typeof type === 'object') return this.#inner(type);
    switch (type) {
      case 'string':
        return this.#texts.of(this.#content(), this.#at, this.#text);
      case 'hex':
        return this.#bytes.toString('hex', this.#content(), this.#at);
      case 'bytes':
        return this.#bytes.subarray(this.#content(), this.#at);
      case 'bool':
        return this.#varint64() !== 0;
      case 'int32':
        return this.#varint() | 0;
      case 'uint32':
        return this.#varint();
      case 'sint32':
        return zigzag(this.#varint());
      case 'int64':
        return signed(this.#varint64());
      case 'uint64':
        return this.#varint64();
      case 'double':
        this.#at += 8;
        return this.#bytes.readDoubleLE(this.#at - 8);
      case 'sfixed64':
        this.#at += 8;
        return numberOf(this.#bytes.readBigInt64LE(this.#at - 8));
      case 'fixed64':
        this.#at += 8;
        return this.#fixed64();
    }
  }

  #inner(kind: MessageKind): ReadMessage {
    const start = this.#content();
    if (!kind.repeats) return this.#from(kind, start, this.#at);
    const end = this.#at;
    const made = this.#attributes.of(start, end, (from, to) => this.#from(kind, from, to));
    this.#at = end;
    return made;
  }

  #from(kind: MessageKind, start: number, end: number): ReadMessage {
    this.#at = start;
    return this.message(kind, end);
  }

  /** Moves behind a text or bytes, and returns where they begin. */
  #content(): number {
    const length = this.#varint();
    const start = this.#at;
    this.#at += length;
    return start;
  }

  #skip(wireType: number): void {
    if (wireType === 0) this.#varint();
    else if (wireType === 2) this.#content();
    else this.#at += wireType === 1 ? 8 : 4;
  }

  /** A big integer is made only of a number that needs one. */
  #fixed64(): number | bigint {
    const at = this.#at - 8;
    const high = this.#bytes.readUInt32LE(at + 4);
    if (high >= 2 ** 21) return this.#bytes.readBigUInt64LE(at);
    return high * 2 ** 32 + this.#bytes.readUInt32LE(at);
  }

  /** The low 32 bits. Most numbers are lengths and tags of one byte. */
  #varint(): number {
    const first = this.#bytes[this.#at] ?? 0;
    if (first < 0x80) {
      this.#at++;
      return first;
    }
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#at++] ?? 0;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  #varint64(): number | bigint {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at++] ?? 0;
      // Seven bytes have 49 bits: a number holds them.
      if (factor > 2 ** 42) return this.#restOf(BigInt(value), byte);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  #restOf(low: bigint, first: number): number | bigint {
    let [value, byte] = [low, first];
    for (let shift = 49n; ; shift += 7n) {
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return numberOf(BigInt.asUintN(64, value));
      byte = this.#bytes[this.#at++] ?? 0;
    }
  }
}

function listIn(message: ReadMessage, name: string): unknown[] {
  message[name] ??= [];
  return message[name] as unknown[]; // made by the line above
}

function zigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

/** A negative number has all of its 64 bits. */
function signed(value: number | bigint): number | bigint {
  return typeof value === 'number' ? value : numberOf(BigInt.asIntN(64, value));
}

function numberOf(value: bigint): number | bigint {
  return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER ? Number(value) : value;
}
