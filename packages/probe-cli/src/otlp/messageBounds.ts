import type { FieldKind, MessageKind } from './messageKind.ts';
import { Refusal } from './refusal.ts';

/** What one request may contain. A larger one is refused before it becomes objects, however few bytes it has. */
export interface MessageBounds {
  /** Messages (in JSON: objects and lists), each of which becomes an object of some 100 bytes. */
  readonly messages: number;
  /** Fields, and twice the numbers of packed lists. */
  readonly fields: number;
  /** Messages within each other. */
  readonly depth: number;
}

/** A number of 64 bits in a packed list becomes a text, which takes as long as two fields (measured). */
const numberSize = 2;

/** One field in the bytes of a request. Positions are those of the request. */
export interface WireField {
  readonly number: number;
  /** Where its tag begins. */
  readonly start: number;
  /** Where its content begins; undefined for a number. */
  readonly content: number | undefined;
  readonly end: number;
}

/**
 * Walks through the bytes of a protobuf message without making anything of them: a text is skipped in one step, however
 * long it is. Counts what it meets, and throws a Refusal when there is more than `bounds` allow or a field is cut.
 */
export class MessageWalk {
  #messages = 0;
  #fields = 0;
  readonly #bytes: Uint8Array;
  readonly #bounds: MessageBounds;
  #at = 0;

  constructor(bytes: Uint8Array, bounds: MessageBounds) {
    this.#bytes = bytes;
    this.#bounds = bounds;
  }

  /** Messages and fields so far: about proportional to the time that decoding takes. */
  get size(): number {
    return this.#messages + this.#fields;
  }

  /** The fields of the message from `start` to `end`, one after the other. */
  *fieldsOf(kind: MessageKind, start: number, end: number): Generator<WireField> {
    for (let at = start; at < end; at = this.#at) {
      this.#at = at;
      const tag = this.#varint();
      this.#count(1);
      kindOf(kind, tag);
      const content = this.#skip(tag & 7, end);
      const fieldEnd = this.#at;
      yield { number: tag >>> 3, start: at, content, end: fieldEnd };
      this.#at = fieldEnd;
    }
  }

  /** Everything in the message from `start` to `end`, at whose `depth` it was entered. */
  message(kind: MessageKind, start: number, end: number, depth: number): void {
    this.#at = start;
    while (this.#at < end) {
      const tag = this.#varint();
      this.#count(1);
      const field = kindOf(kind, tag);
      const content = this.#skip(tag & 7, end);
      if (field === undefined || content === undefined) continue;
      const fieldEnd = this.#at;
      if (field.numberBytes !== undefined)
        this.#count(numberSize * Math.ceil((fieldEnd - content) / field.numberBytes));
      if (field.message === undefined) continue;
      this.enter(depth + 1);
      this.message(field.message, content, fieldEnd, depth + 1);
      this.#at = fieldEnd;
    }
  }

  /** Counts a message at this depth. */
  enter(depth: number): void {
    if (++this.#messages > this.#bounds.messages) throw tooMany(this.#bounds.messages, 'messages');
    if (depth > this.#bounds.depth) throw tooMany(this.#bounds.depth, 'messages within each other');
  }

  /**
   * Moves behind a field, and returns where the content of a text, of bytes, of a message or of a packed list begins.
   * Wire types: https://protobuf.dev/programming-guides/encoding/#structure. Groups (3, 4) do not exist in proto3.
   */
  #skip(wireType: number, end: number): number | undefined {
    let content: number | undefined;
    if (wireType === 0) this.#varint();
    else if (wireType === 1) this.#at += 8;
    else if (wireType === 5) this.#at += 4;
    else if (wireType === 2) {
      const length = this.#varint();
      content = this.#at;
      this.#at += length;
    } else throw new Refusal('malformed', `a field has the wire type ${wireType}`);
    if (this.#at > end) throw cut();
    return content;
  }

  #count(fields: number): void {
    this.#fields += fields;
    if (this.#fields > this.#bounds.fields) throw tooMany(this.#bounds.fields, 'fields');
  }

  /** The low 32 bits of a number of up to ten bytes. */
  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw cut();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new Refusal('malformed', 'a number has more than ten bytes');
  }
}

/** The kind of the field that a tag begins; undefined for one that is not known. The decoder does not check wire types. */
function kindOf({ fields }: MessageKind, tag: number): FieldKind | undefined {
  const field = fields.get(tag >>> 3);
  const wireType = tag & 7;
  if (field === undefined || wireType === field.wireType) return field;
  if (wireType === 2 && field.numberBytes !== undefined) return field;
  throw new Refusal('malformed', `field ${tag >>> 3} of a message has the wire type ${wireType}`);
}

export function tooMany(most: number, what: string): Refusal {
  return new Refusal('tooLarge', `the request has more than ${most} ${what}`);
}

function cut(): Refusal {
  return new Refusal('malformed', 'the request is cut');
}
