import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { watchUnreadable } from '@benchlab-otel/wire';
import { bodyMs, farewellMs, idleMs, maxRequestBytes, maxRequests } from './limits.ts';
import type { ReceiverParts } from './receiverParts.ts';
import { Refusal } from './refusal.ts';
import { readBody } from './requestBody.ts';
import type { Signal } from './signals.ts';

/** OTLP/HTTP: protobuf and JSON, plain or compressed. Answers 404, 405, 415, 413 and 400 as the specification asks. */
export function httpServer(parts: ReceiverParts): Server {
  const { connections } = parts;
  const states = new WeakMap<Socket, ConnectionState>();
  // Sockets are handed to this server, which does not listen: Node's own deadlines for requests do not run then.
  // Without the requirement of Node, a request without the header Host is refused, and counted, like others.
  const server = createServer({ keepAliveTimeout: idleMs, requireHostHeader: false }, (request, response) => {
    const { socket } = request;
    // What was sent together with the last request is parsed although the connection has ended.
    if (socket.destroyed) return;
    const state = states.get(socket) ?? { underWay: 0, isEnding: false };
    states.set(socket, state);
    const isOneTooMany = ++state.underWay > maxRequests;
    if (state.isEnding) {
      socket.destroy();
      return;
    }
    // The client has this long to read the next answer, after it had as long to send its request. The deadline is one of the
    // connection: Node emits `close` only on the response that is being sent, not on those that wait behind it.
    if (state.underWay === 1) connections.works(socket, answerMs);
    response.on('close', () => {
      const left = --state.underWay;
      if (state.isEnding) return;
      if (left > 0) connections.works(socket, answerMs);
      else connections.waits(socket, response.shouldKeepAlive ? idleMs : farewellMs);
    });
    handle(parts, request, isOneTooMany).then(
      (answer) => send(response, answer),
      ({ status, message, isStranger }: Refusal) => {
        if (isOneTooMany) {
          socket.destroy();
          return;
        }
        send(response, { status: status.http, type: 'text/plain; charset=utf-8', body: message }, true);
        if (!isStranger) return;
        state.isEnding = true;
        connections.waits(socket, farewellMs);
      },
    );
  });
  watchUnreadable(server, (socket) => parts.unreadable(socket));
  return server;
}

interface ConnectionState {
  /** Requests without a sent answer: a client may send the next ones before it has one. */
  underWay: number;
  /** A stranger was refused: further requests are not read. */
  isEnding: boolean;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

/** From the headers of a request to the end of its answer, ms. */
const answerMs = 2 * bodyMs;

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
