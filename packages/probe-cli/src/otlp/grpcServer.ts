import {
  constants,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import { encodings } from './decompressed.ts';
import { bodyMs, farewellMs, idleMs, maxRequestBytes, maxRequests, prefixBytes } from './limits.ts';
import type { ReceiverParts } from './receiverParts.ts';
import { Refusal } from './refusal.ts';
import { type RequestBody, readBody } from './requestBody.ts';
import type { Signal } from './signals.ts';

// The protocol: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, of which OTLP uses calls with one request
// and one response. A server of the gRPC library would keep each request whole before any of our code sees its headers,
// and would answer those that are too large without our counting them.

const contentType = 'application/grpc';

/** Serves OTLP/gRPC on a connection that begins with the preface of HTTP/2. */
export function serveGrpc(parts: ReceiverParts, socket: Socket): void {
  const { connections } = parts;
  const session = performServerHandshake(socket, {
    settings: { maxConcurrentStreams: maxRequests, maxHeaderListSize: 16 * 1024, enablePush: false },
    // MiB of headers and frames of one connection; what has been read of a request is counted by its budget.
    maxSessionMemory: 1,
  });
  let underWay = 0;
  session.on('error', () => socket.destroy());
  session.on('stream', (stream, headers) => {
    underWay++;
    connections.works(socket);
    stream.on('error', () => undefined);
    stream.on('close', () => {
      if (--underWay === 0) connections.waits(socket, session.closed ? farewellMs : idleMs);
    });
    // The client has this long to read its answer, after it had as long to send its request.
    stream.setTimeout(2 * bodyMs, () => stream.close(constants.NGHTTP2_CANCEL));
    handle(parts, stream, headers, socket).then(
      (response) => answer(stream, response),
      (refusal: Refusal) => refuse(session, stream, refusal),
    );
  });
}

function handle(
  parts: ReceiverParts,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  socket: Socket,
): Promise<Buffer> {
  return parts.answerTo(
    headers,
    socket,
    () => signalOf(parts.signals, headers),
    async (signal) => {
      if (headers[':method'] !== 'POST') throw new Refusal('notPost', 'use POST');
      if (headers['content-type']?.startsWith(contentType) !== true) {
        throw new Refusal('unknownFormat', `use ${contentType}`);
      }
      const framed = await readBody(stream, maxRequestBytes + prefixBytes, parts.budget);
      const encoding = text(headers['grpc-encoding']) ?? 'identity';
      await parts.intake.take({ signal, ...message(framed, encoding), isJson: false });
      return signal.encodeResponse();
    },
  );
}

function signalOf(signals: readonly Signal[], { ':path': path }: IncomingHttpHeaders): Signal {
  const signal = signals.find(({ grpcPath }) => grpcPath === path);
  if (signal === undefined) throw new Refusal('unknownPath', `${path} is not a service of OTLP`);
  return signal;
}

/** The one message of a request. */
function message(
  { bytes, release }: RequestBody,
  encoding: string,
): { readonly body: RequestBody; readonly encoding: string } {
  if (bytes.length < prefixBytes || bytes.readUInt32BE(1) !== bytes.length - prefixBytes) {
    release();
    throw new Refusal('malformed', 'a request has one message, with its length before it');
  }
  const body = { bytes: bytes.subarray(prefixBytes), release };
  return { body, encoding: bytes[0] === 0 ? 'identity' : encoding };
}

function answer(stream: ServerHttp2Stream, response: Buffer): void {
  if (stream.destroyed || stream.closed) return;
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(response.length, 1);
  stream.respond({ ':status': 200, 'content-type': contentType }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.concat([prefix, response]));
}

function refuse(
  session: ServerHttp2Session,
  stream: ServerHttp2Stream,
  { status, message, isStranger }: Refusal,
): void {
  if (!stream.destroyed && !stream.closed) {
    stream.respond(
      {
        ':status': 200,
        'content-type': contentType,
        'grpc-status': String(status.grpc),
        'grpc-message': encodeURIComponent(message),
        'grpc-accept-encoding': encodings,
      },
      { endStream: true },
    );
    // The rest of the request is not read.
    stream.close(constants.NGHTTP2_NO_ERROR);
  }
  if (isStranger) session.close();
}

function text(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
