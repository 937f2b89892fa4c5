// Messages of google.rpc as a server writes them, for tests.

/** `google.rpc.Status` with these details. */
export function statusWith(...details: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([varintField(1, 8n), ...details.map((any) => bytesField(3, any))]);
}

/** `google.protobuf.Any` with a RetryInfo. */
export function retryInfo({ seconds, nanos }: { seconds?: bigint; nanos?: bigint }): Uint8Array {
  const delay = Buffer.concat([
    ...(seconds === undefined ? [] : [varintField(1, seconds)]),
    ...(nanos === undefined ? [] : [varintField(2, nanos)]),
  ]);
  return Buffer.concat([
    bytesField(1, 'type.googleapis.com/google.rpc.RetryInfo'),
    bytesField(2, bytesField(1, delay)),
  ]);
}

export function bytesField(field: number, content: Uint8Array | string): Uint8Array {
  const bytes = Buffer.from(content);
  return Buffer.concat([varint(BigInt((field << 3) | 2)), varint(BigInt(bytes.length)), bytes]);
}

export function varintField(field: number, value: bigint): Uint8Array {
  return Buffer.concat([varint(BigInt(field << 3)), varint(BigInt.asUintN(64, value))]);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
    left >>= 7n;
  } while (left > 0n);
  return Uint8Array.from(bytes);
}
