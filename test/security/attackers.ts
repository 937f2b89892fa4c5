import { once } from 'node:events';
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';

/** A connection to a port of this host. Errors are expected: it is there to be closed. */
export async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  return socket;
}

/** Resolves when it is closed, also by an error. */
export function closing(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once('close', () => resolve());
  });
}

/** Everything that comes until the other side closes the connection. */
export async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
  });
  await closing(socket);
  return text;
}

/** The status line and what follows, of one request on a connection of its own. */
export async function raw(port: number, request: string | Buffer): Promise<string> {
  const socket = await connected(port);
  socket.write(request);
  return untilClosed(socket);
}

export interface GrpcAnswer {
  readonly status: number;
  /** Undefined where the connection ended without an answer. */
  readonly grpcStatus: string | undefined;
}

/** A gRPC call by hand, so that it can be wrong in any way. */
export async function grpcCall(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Promise<GrpcAnswer> {
  const { ':authority': authority = `127.0.0.1:${port}`, ...others } = headers;
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    ':authority': authority,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...others,
  });
  let all: IncomingHttpHeaders = {};
  const add = (more: IncomingHttpHeaders) => {
    all = { ...all, ...more };
  };
  stream.on('response', add).on('trailers', add);
  stream.on('error', () => undefined);
  stream.end(body);
  stream.resume();
  await closing(stream);
  session.destroy();
  const grpcStatus = all['grpc-status'];
  return { status: Number(all[':status']), grpcStatus: grpcStatus === undefined ? undefined : String(grpcStatus) };
}

/** A message of gRPC: whether it is compressed, its length, its bytes. */
export function framed(message: Buffer, isCompressed = false): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = isCompressed ? 1 : 0;
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

export const tracePath = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

/** `name=value` as headers. */
export function headersOf({ header }: { readonly header: string }): Readonly<Record<string, string>> {
  const [name = '', value = ''] = header.split('=');
  return { [name]: value };
}
