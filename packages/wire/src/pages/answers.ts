import type { IncomingMessage, ServerResponse } from 'node:http';

/** Whether the method only reads: GET or HEAD. */
export function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Answers 405 with the methods that are served. */
export function refuseMethod(response: ServerResponse): void {
  response.setHeader('allow', 'GET, HEAD');
  // The rest of the request is not read: the connection ends with the answer.
  response.setHeader('connection', 'close');
  response.writeHead(405).end();
}

/** Sends a whole answer of plain text: see `send`. */
export function sendText(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  send(request, response, status, 'text/plain; charset=utf-8', Buffer.from(text));
}

/** Sends a whole answer: without its body to HEAD. No program between may keep it, unless the header was set before. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: string,
  body: Buffer,
): void {
  if (!response.hasHeader('cache-control')) response.setHeader('cache-control', 'no-store');
  response.writeHead(status, { 'content-type': type, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}
