import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { SignalStore } from '@benchlab-otel/analysis';
import { MAX_REQUEST_BYTES } from './limits.ts';
import type { Signal } from './signals.ts';

/** OTLP/HTTP: protobuf and JSON, plain or gzip. Answers 404, 405, 415, 413 and 400 as the specification asks. */
export function httpServer(signals: readonly Signal[], store: SignalStore): Server {
  return createServer((request, response) => {
    handle(signals, store, request).then(
      (answer) => send(response, answer),
      (error: unknown) => {
        store.refuse();
        const refused = error instanceof Refused ? error : new Refused(400, messageOf(error));
        send(response, { status: refused.status, type: 'text/plain; charset=utf-8', body: refused.message }, true);
      },
    );
  });
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const protobufType = 'application/x-protobuf';
const jsonType = 'application/json';

async function handle(signals: readonly Signal[], store: SignalStore, request: IncomingMessage): Promise<Answer> {
  const signal = signals.find(({ httpPath }) => httpPath === request.url?.split('?')[0]);
  if (signal === undefined) throw new Refused(404, 'OTLP is spoken at /v1/traces, /v1/metrics and /v1/logs');
  if (request.method !== 'POST') throw new Refused(405, 'use POST');
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== protobufType && type !== jsonType) throw new Refused(415, `use ${protobufType} or ${jsonType}`);
  const bytes = await decompress(await readBody(request), request.headers['content-encoding']);
  store.accept(signal.name, type === jsonType ? JSON.parse(bytes.toString('utf8')) : signal.decode(bytes));
  return { status: 200, type, body: type === jsonType ? '{}' : signal.encodeResponse() };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) throw new Refused(413, `the request is larger than ${MAX_REQUEST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function decompress(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return bytes;
  if (encoding !== 'gzip') throw new Refused(415, 'use gzip or no compression');
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_REQUEST_BYTES });
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw tooLarge ? new Refused(413, `the request decompresses to more than ${MAX_REQUEST_BYTES} bytes`) : error;
  }
}

function send(response: ServerResponse, { status, type, body }: Answer, close = false): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(status === 405 ? { allow: 'POST' } : {}),
    // After a refusal there may be a body still under way that nobody reads.
    ...(close ? { connection: 'close' } : {}),
  });
  response.end(body);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
