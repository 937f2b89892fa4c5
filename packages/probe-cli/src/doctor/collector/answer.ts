import { request } from 'node:http';
import { connect } from 'node:http2';
import type { Socket } from 'node:net';
import { messageOf } from '@benchlab-otel/core';
import { connected, patienceMs } from './connection.ts';
import type { CollectorTarget, OtlpProtocol } from './target.ts';

/** What a collector did with an export that holds nothing. */
export interface Answer {
  readonly outcome: 'accepts' | 'refuses' | 'unreachable';
  /** `HTTP 401 Unauthorized` */
  readonly what: string;
}

const service = { traces: 'trace.v1.Trace', metrics: 'metrics.v1.Metrics', logs: 'logs.v1.Logs' };
// https://github.com/grpc/grpc/blob/master/doc/statuscodes.md
const grpcStatusNames =
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  );

/** Sends an export without data, as an exporter with this protocol would, and never anything else. */
export async function answerOf(target: CollectorTarget, protocol: OtlpProtocol): Promise<Answer> {
  let socket: Socket;
  try {
    socket = await connected(target, protocol === 'grpc' ? 'h2' : 'http/1.1');
  } catch (error) {
    return { outcome: 'unreachable', what: messageOf(error) };
  }
  try {
    return await (protocol === 'grpc' ? grpcAnswer(target, socket) : httpAnswer(target, socket, protocol));
  } catch (error) {
    return { outcome: 'refuses', what: messageOf(error) };
  } finally {
    socket.destroy();
  }
}

function grpcAnswer(target: CollectorTarget, socket: Socket): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const authority = 'host' in target.at ? `${target.at.host}:${target.at.port}` : 'localhost';
    const session = connect(
      `${target.secure ? 'https' : 'http'}://${authority.includes('::') ? 'localhost' : authority}`,
      {
        createConnection: () => socket,
      },
    );
    const failed = (cause: Error) =>
      reject(new Error(`it does not speak gRPC (HTTP/2): ${messageOf(cause)}`, { cause }));
    session.once('error', failed);
    session.once('close', () => failed(new Error('the connection was closed')));
    const call = session.request({
      ...target.headers,
      ':method': 'POST',
      ':path': `/opentelemetry.proto.collector.${service[target.signal]}Service/Export`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    let headers: Readonly<Record<string, unknown>> = {};
    const collect = (more: object) => {
      headers = { ...headers, ...more };
    };
    call.on('response', collect).on('trailers', collect).on('error', failed).resume();
    call.setTimeout(patienceMs, () =>
      reject(new Error(`it takes the connection, and does not answer within ${patienceMs / 1000} s`)),
    );
    call.on('end', () => {
      resolve(grpcOutcome(headers));
      session.close();
    });
    // A frame of gRPC: not compressed, 0 bytes. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
    call.end(Buffer.alloc(5));
  });
}

function grpcOutcome(headers: Readonly<Record<string, unknown>>): Answer {
  const status = headers['grpc-status'];
  if (status === undefined)
    return { outcome: 'refuses', what: `it answers HTTP/2 ${headers[':status']}, and not gRPC` };
  if (status === '0') return { outcome: 'accepts', what: 'gRPC OK' };
  const message = typeof headers['grpc-message'] === 'string' ? `: ${headers['grpc-message'].slice(0, 200)}` : '';
  return { outcome: 'refuses', what: `gRPC status ${status} ${grpcStatusNames[Number(status)] ?? ''}${message}` };
}

function httpAnswer(target: CollectorTarget, socket: Socket, protocol: OtlpProtocol): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const isJson = protocol === 'http/json';
    const body = isJson ? '{}' : '';
    const call = request({
      ...('host' in target.at ? { host: target.at.host, port: target.at.port } : {}),
      createConnection: () => socket,
      method: 'POST',
      path: target.httpPath,
      headers: {
        ...target.headers,
        'content-type': isJson ? 'application/json' : 'application/x-protobuf',
        'content-length': Buffer.byteLength(body),
        connection: 'close',
      },
    });
    call.once('error', (cause) => reject(new Error(`it does not speak HTTP: ${messageOf(cause)}`, { cause })));
    call.setTimeout(patienceMs, () =>
      reject(new Error(`it takes the connection, and does not answer within ${patienceMs / 1000} s`)),
    );
    call.once('response', (response) => {
      response.resume();
      resolve(
        httpOutcome(response.statusCode ?? 0, response.statusMessage ?? '', response.headers['content-type'] ?? ''),
      );
    });
    call.end(body);
  });
}

function httpOutcome(status: number, text: string, type: string): Answer {
  if (status < 200 || status > 299) return { outcome: 'refuses', what: `HTTP ${status} ${text}`.trimEnd() };
  // A collector answers in the type of the request: "OTLP/HTTP Response" of the specification.
  if (type !== '' && !/protobuf|json/.test(type)) {
    return { outcome: 'refuses', what: `HTTP ${status} with ${type}: it is not a collector` };
  }
  return { outcome: 'accepts', what: `HTTP ${status}` };
}
