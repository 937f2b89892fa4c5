import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { bodyMs, farewellMs, idleMs, maxRequestBytes, maxRequests } from './limits.ts';
import type { ReceiverParts } from './receiverParts.ts';
import { Refusal } from './refusal.ts';
import { readBody } from './requestBody.ts';
import type { Signal } from './signals.ts';

/** OTLP/HTTP: protobuf and JSON, plain or compressed. Answers 404, 405, 415, 413 and 400 as the specification asks. */
export function httpServer(parts: ReceiverParts): Server {
  const { connections } = parts;
  /** Requests under way of each connection: a client may send the next ones before it has an answer. */
  const underWay = new WeakMap<Socket, number>();
  // Sockets are handed to this server, which does not listen: Node's own deadlines for requests do not run then.
  return createServer({ keepAliveTimeout: idleMs }, (request, response) => {
    const { socket } = request;
    const count = (underWay.get(socket) ?? 0) + 1;
    underWay.set(socket, count);
    connections.works(socket);
    response.on('close', () => {
      const left = (underWay.get(socket) ?? 1) - 1;
      underWay.set(socket, left);
      if (left === 0) connections.waits(socket, response.shouldKeepAlive ? idleMs : farewellMs);
    });
    // The client has this long to read its answer, after it had as long to send its request.
    const answered = setTimeout(() => socket.destroy(), 2 * bodyMs).unref();
    response.on('close', () => clearTimeout(answered));
    const isOneTooMany = count > maxRequests;
    handle(parts, request, isOneTooMany).then(
      (answer) => send(response, answer),
      ({ status, message }: Refusal) => {
        if (isOneTooMany) socket.destroy();
        else send(response, { status: status.http, type: 'text/plain; charset=utf-8', body: message }, true);
      },
    );
  });
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

const protobufType = 'application/x-protobuf';
const jsonType = 'application/json';

/** @param isOneTooMany of a client that does not wait for answers */
function handle(parts: ReceiverParts, request: IncomingMessage, isOneTooMany: boolean): Promise<Answer> {
  return parts.answerTo(
    request.headers,
    request.socket,
    () => signalOf(parts.signals, request),
    async (signal) => {
      if (isOneTooMany) throw new Refusal('busy', `more than ${maxRequests} requests on one connection`);
      if (request.method !== 'POST') throw new Refusal('notPost', 'use POST');
      const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
      if (type !== protobufType && type !== jsonType) {
        throw new Refusal('unknownFormat', `use ${protobufType} or ${jsonType}`);
      }
      const isJson = type === jsonType;
      const body = await readBody(request, maxRequestBytes, parts.budget);
      await parts.intake.take({ signal, body, encoding: request.headers['content-encoding'], isJson });
      return { status: 200, type, body: isJson ? '{}' : signal.encodeResponse() };
    },
  );
}

function signalOf(signals: readonly Signal[], { url }: IncomingMessage): Signal {
  const signal = signals.find(({ httpPath }) => httpPath === url?.split('?')[0]);
  if (signal !== undefined) return signal;
  throw new Refusal('unknownPath', `OTLP is served at ${signals.map(({ httpPath }) => httpPath).join(', ')}`);
}

function send(response: ServerResponse, { status, type, body }: Answer, close = false): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(status === 405 ? { allow: 'POST' } : {}),
    ...(status === 503 ? { 'retry-after': '1' } : {}),
    // After a refusal the rest of the body may still be under way, and is not read.
    ...(close ? { connection: 'close' } : {}),
  });
  response.end(body);
}
