import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** By the code of Node's parser; every other one is 400. Source: Node, lib/_http_server.js, socketOnError. */
const statuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/**
 * Calls `unreadable` for each request that Node refuses before its headers are complete, so that no listener of `server` sees
 * it. These requests get the answer that Node gives by itself: 400, or 431 for too many bytes of headers. A request with the
 * header `Expect` is served like any other: Node would answer it with 417 where it expects something else than `100-continue`,
 * which RFC 9110, section 10.1.1 allows but does not ask for.
 */
export function watchUnreadable(server: Server, unreadable: (socket: Socket) => void): void {
  const latest = new WeakMap<Socket, { readonly request: IncomingMessage; readonly response: ServerResponse }>();
  server.on('request', (request, response) => latest.set(request.socket, { request, response }));
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    const socket = stream as Socket; // both kinds of server have sockets here
    const { request, response } = latest.get(socket) ?? {};
    // Without the prefix of the parser it is a fault of the connection, and while a body is incomplete one of the body.
    const isInHeaders = error.code?.startsWith('HPE_') === true && request?.complete !== false;
    if (isInHeaders && !socket.destroyed) unreadable(socket);
    const isAnswering = response?.headersSent === true && !response.writableFinished;
    if (socket.writable && !isAnswering) {
      const status = statuses[error.code ?? ''] ?? '400 Bad Request';
      socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    }
    socket.destroy();
  });
}
