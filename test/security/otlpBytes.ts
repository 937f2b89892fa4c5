// Requests of OTLP, written by hand from the numbers of their fields, so that they can be wrong in any way.

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** A text, bytes or a message in the field with this number. */
export function field(number: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

export function repeated(part: Buffer, times: number): Buffer {
  return Buffer.alloc(part.length * times, part);
}

function fixed64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([varint(number * 8 + 1), bytes]);
}

export interface SpanBytes {
  readonly name: string;
  /** Distinguishes it from other spans. */
  readonly id: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes?: number;
}

export function spanBytes({ name, id, startNs, endNs, attributes = 0 }: SpanBytes): Buffer {
  const spanId = Buffer.alloc(8, 1);
  spanId.writeUInt32BE(id + 1);
  const pairs = Array.from({ length: attributes }, (_, k) =>
    field(9, field(1, Buffer.from(`key ${k}`)), field(2, field(1, Buffer.from(`value ${k}`)))),
  );
  const times = [fixed64(7, startNs), fixed64(8, endNs)];
  return Buffer.concat([
    field(1, Buffer.alloc(16, 7)),
    field(2, spanId),
    field(5, Buffer.from(name)),
    ...times,
    ...pairs,
  ]);
}

/** A request with these spans. */
export function traceRequest(spans: readonly Buffer[]): Buffer {
  return field(1, field(2, ...spans.map((span) => field(2, span))));
}

/** Lists within lists, as the value of an attribute. */
export function nestedLists(depth: number): Buffer {
  let value = field(1, Buffer.from('x'));
  for (let level = 0; level < depth; level++) value = field(5, field(1, value));
  return value;
}
