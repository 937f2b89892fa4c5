import { systemClock } from '@benchlab-otel/core';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { type OtlpReceiver, type OtlpReceiverOptions, startOtlpReceiver } from './otlpReceiver.ts';

/** A receiver that is closed after the test. */
export async function receiver(options: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const started = await startOtlpReceiver(options);
  onTestFinished(() => started.close());
  return started;
}

/** An ExportTraceServiceRequest with one span, written by hand from the field numbers of the OTLP specification. */
export function oneSpan(name: string, startNs: bigint, endNs: bigint, spanId = 'b7ad6b7169203331'): Buffer {
  const span = Buffer.concat([
    field(1, Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex')),
    field(2, Buffer.from(spanId, 'hex')),
    field(4, Buffer.from('00f067aa0ba902b7', 'hex')),
    field(5, Buffer.from(name)),
    Buffer.from([(6 << 3) | 0, 2]),
    fixed64(7, startNs),
    fixed64(8, endNs),
    field(9, keyValue('http.route', '/cart')),
    field(15, Buffer.from([(3 << 3) | 0, 2])),
  ]);
  return field(1, Buffer.concat([field(1, Buffer.alloc(0)), field(2, field(2, span))]));
}
/** A KeyValue of text. */
function keyValue(key: string, value: string): Buffer {
  return Buffer.concat([field(1, Buffer.from(key)), field(2, field(1, Buffer.from(value)))]);
}
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}
function fixed64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([varint((number << 3) | 1), bytes]);
}
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

type Endpoint = Pick<OtlpReceiver, 'endpoint' | 'header'>;

export function headerOf({ header }: Endpoint): Record<string, string> {
  const [name = '', value = ''] = header.split('=');
  return { [name]: value };
}

export function post(to: Endpoint, path: string, body: Buffer | string, headers: Record<string, string> = {}) {
  return fetch(`${to.endpoint}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-protobuf', ...headerOf(to), ...headers },
  });
}

export function exportRaw(to: Endpoint, bytes: Buffer): Promise<{ code?: number; details?: string } | undefined> {
  const client = new Client(to.endpoint.replace('http://', ''), credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
  });
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headerOf(to))) metadata.set(name, value);
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      (value: Buffer) => value,
      (value: Buffer) => value,
      bytes,
      metadata,
      (error) => {
        client.close();
        resolve(error ?? undefined);
      },
    );
  });
}

// Now, and not on a whole millisecond: only near instants are exact to the nanosecond as plain numbers.
export const start = (systemClock.anchor().epochNs / 1_000_000n) * 1_000_000n + 456_789n;
