import { type MessageBounds, MessageWalk, tooMany, type WireField } from './messageBounds.ts';
import type { MessageKind } from './messageKind.ts';
import { Refusal } from './refusal.ts';

// The three requests of OTLP have one shape: (1) resources, each of (1) its description and (2) scopes, each of (1) its
// description and (2) items: spans, metrics or log records.
const resources = 1;
const description = 1;
const within = 2;

export interface PieceBounds {
  /** Of the whole request. */
  readonly request: MessageBounds;
  /** Messages and fields of one item, which is always decoded at once. */
  readonly item: number;
  /** Messages and fields that describe one resource or scope: each piece has them again. */
  readonly description: number;
  /** Messages and fields after which a piece ends. */
  readonly piece: number;
}

/**
 * Cuts a request in protobuf into requests that together mean the same, each of which is decoded in a few milliseconds.
 *
 * @param kind that of the request
 * @throws Refusal when the request has more in it than the bounds allow, or is malformed, before anything is decoded
 */
export function requestPieces(bytes: Buffer, kind: MessageKind, bounds: PieceBounds): Iterable<Buffer> {
  const cutter = new Cutter(bytes, bounds);
  cutter.request(kind);
  return cutter.pieces();
}

interface Scope {
  readonly description: Description;
  /** Items that follow each other in the request are one range. */
  readonly items: Range[];
}

interface Range {
  readonly start: number;
  end: number;
}

interface Description {
  readonly bytes: readonly Buffer[];
  readonly size: number;
}

interface Resource {
  readonly description: Description;
  readonly scopes: Scope[];
}

interface Part {
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

interface Parts {
  readonly described: Description;
  readonly parts: readonly Part[];
}

class Cutter {
  readonly #bytes: Buffer;
  readonly #bounds: PieceBounds;
  readonly #walk: MessageWalk;
  readonly #done: Resource[][] = [];
  #piece: Resource[] = [];
  #pieceSize = 0;

  constructor(bytes: Buffer, bounds: PieceBounds) {
    this.#bytes = bytes;
    this.#bounds = bounds;
    this.#walk = new MessageWalk(bytes, bounds.request);
  }

  /** One at a time, because each repeats the descriptions. */
  *pieces(): Generator<Buffer> {
    if (this.#done.length === 0) {
      yield this.#bytes;
      return;
    }
    for (const piece of [...this.#done, this.#piece]) {
      yield Buffer.concat(piece.map((resource) => this.#resourceBytes(resource)));
    }
  }

  #resourceBytes({ description, scopes }: Resource): Buffer {
    const inner = scopes.map((scope) => {
      const items = scope.items.map(({ start, end }) => this.#bytes.subarray(start, end));
      return message(within, ...scope.description.bytes, ...items);
    });
    return message(resources, ...description.bytes, ...inner);
  }

  request(kind: MessageKind): void {
    const { parts } = this.#parts(kind, 0, this.#bytes.length, 1, resources);
    for (const part of parts) this.#resource(partOf(kind, resources), part);
  }

  #resource(kind: MessageKind, { content, end }: Part): void {
    const { described, parts } = this.#parts(kind, content, end, 2, within);
    let resource: Resource | undefined;
    for (const part of parts) {
      this.#scope(partOf(kind, within), part, () => {
        if (resource === undefined || this.#piece.at(-1) !== resource) {
          resource = { description: described, scopes: [] };
          this.#piece.push(resource);
          this.#pieceSize += described.size;
        }
        return resource;
      });
    }
  }

  #scope(kind: MessageKind, { content, end }: Part, resource: () => Resource): void {
    const { described, parts } = this.#parts(kind, content, end, 3, within);
    const itemKind = partOf(kind, within);
    let scope: Scope | undefined;
    for (const item of parts) {
      const size = this.#sizeOf(itemKind, item, 4);
      if (size > this.#bounds.item) throw tooMany(this.#bounds.item, 'messages and fields in one item');
      const { scopes } = resource();
      if (scope === undefined || scopes.at(-1) !== scope) {
        scope = { description: described, items: [] };
        scopes.push(scope);
        this.#pieceSize += described.size;
      }
      const last = scope.items.at(-1);
      if (last?.end === item.start) last.end = item.end;
      else scope.items.push({ start: item.start, end: item.end });
      this.#pieceSize += size;
      if (this.#pieceSize >= this.#bounds.piece) this.#nextPiece();
    }
  }

  /** The description of a resource or a scope, and the messages that it holds in the field `inner`. */
  #parts(kind: MessageKind, start: number, end: number, depth: number, inner: number): Parts {
    const parts: Part[] = [];
    const described: Part[] = [];
    for (const field of this.#walk.fieldsOf(kind, start, end)) {
      const list = field.number === inner ? parts : field.number === description ? described : undefined;
      if (list === undefined) continue;
      this.#walk.enter(depth + 1);
      list.push(asPart(field));
    }
    return { parts, described: this.#description(kind, described, depth + 1) };
  }

  #description(kind: MessageKind, described: readonly Part[], depth: number): Description {
    const { description: most } = this.#bounds;
    const size = described.reduce((sum, part) => sum + this.#sizeOf(partOf(kind, description), part, depth), 2);
    if (size > most) throw tooMany(most, 'messages and fields in one resource or scope');
    const bytes = described.reduce((sum, { start, end }) => sum + end - start, 0);
    if (bytes > maxDescriptionBytes) throw tooMany(maxDescriptionBytes, 'bytes in one resource or scope');
    return { size, bytes: described.map(({ start, end }) => this.#bytes.subarray(start, end)) };
  }

  #sizeOf(kind: MessageKind, { content, end }: Part, depth: number): number {
    const before = this.#walk.size;
    this.#walk.message(kind, content, end, depth);
    return this.#walk.size - before + 2;
  }

  #nextPiece(): void {
    this.#done.push(this.#piece);
    this.#piece = [];
    this.#pieceSize = 0;
  }
}

/** A resource of 128 attributes of 2 kB each, twice what SDKs send by default. */
const maxDescriptionBytes = 256 * 1024;

function partOf(kind: MessageKind, number: number): MessageKind {
  const part = kind.fields.get(number)?.message;
  if (part === undefined) throw new TypeError(`field ${number} is not a message of OTLP`);
  return part;
}

function asPart({ start, content, end }: WireField): Part {
  if (content === undefined) throw new Refusal('malformed', 'a message has the form of a number');
  return { start, content, end };
}

/** A field that holds a message: wire type 2. */
function message(number: number, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head: number[] = [number * 8 + 2];
  let rest = length;
  for (; rest > 127; rest >>>= 7) head.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...head, rest]), ...parts]);
}
