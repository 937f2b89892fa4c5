/**
 * How long a server asks clients to wait before they send again, ms: `google.rpc.RetryInfo` in the trailer
 * `grpc-status-details-bin` of a gRPC error (googleapis, google/rpc/status.proto and error_details.proto). Undefined where
 * the error has none, or one that is not valid.
 */
export function retryAfterMs(error: unknown): number | undefined {
  for (const details of statusDetails(error)) {
    try {
      const ms = retryDelayMs(details);
      if (ms !== undefined) return ms;
    } catch {
      // Bytes that are not a message: as if they were absent.
    }
  }
  return undefined;
}

const trailer = 'grpc-status-details-bin';
const retryInfoType = 'type.googleapis.com/google.rpc.RetryInfo';

/** The trailer of an error of @grpc/grpc-js, whose `metadata` is a `Metadata`. */
function statusDetails(error: unknown): readonly Uint8Array[] {
  const metadata = (error as { metadata?: { get?: unknown } } | null | undefined)?.metadata;
  if (typeof metadata?.get !== 'function') return [];
  const values: unknown = metadata.get(trailer);
  return Array.isArray(values) ? values.filter((value): value is Uint8Array => value instanceof Uint8Array) : [];
}

/** `Status { repeated Any details = 3 }`, `Any { string type_url = 1; bytes value = 2 }`, `RetryInfo { Duration retry_delay = 1 }`. */
function retryDelayMs(status: Uint8Array): number | undefined {
  for (const any of messages(status, 3)) {
    const [type] = messages(any, 1);
    const [info] = messages(any, 2);
    if (type === undefined || info === undefined || new TextDecoder().decode(type) !== retryInfoType) continue;
    const [delay] = messages(info, 1);
    // A Duration of 0 is an empty message: send again at once.
    return delay === undefined ? 0 : durationMs(delay);
  }
  return undefined;
}

/** `Duration { int64 seconds = 1; int32 nanos = 2 }`. Undefined for a time before now. */
function durationMs(bytes: Uint8Array): number | undefined {
  let seconds = 0n;
  let nanos = 0n;
  for (const { field, number } of fields(bytes)) {
    if (number === undefined) continue;
    if (field === 1) seconds = BigInt.asIntN(64, number);
    if (field === 2) nanos = BigInt.asIntN(64, number);
  }
  const ms = Number(seconds) * 1e3 + Number(nanos) / 1e6;
  return ms >= 0 ? ms : undefined;
}

function messages(bytes: Uint8Array, wanted: number): Uint8Array[] {
  return [...fields(bytes)].flatMap(({ field, bytes: content }) => (field === wanted && content ? [content] : []));
}

interface Field {
  readonly field: number;
  readonly number?: bigint;
  readonly bytes?: Uint8Array;
}

/** The fields of a protobuf message, in their order. Throws a RangeError where the bytes are not one. */
function* fields(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number without an end');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new RangeError('a field beyond the end');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = varint();
    const field = Number(key >> 3n);
    const wireType = Number(key & 7n);
    if (wireType === 0) yield { field, number: varint() };
    else if (wireType === 2) yield { field, bytes: take(Number(varint())) };
    else if (wireType === 1) take(8);
    else if (wireType === 5) take(4);
    else throw new RangeError(`wire type ${wireType}`);
  }
}
