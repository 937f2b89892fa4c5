import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync, gzipSync } from 'node:zlib';
import { frame, preface } from './frames.mjs';
import { changedBytes, pick } from './random.mjs';
import { grpcPaths, jsonRequest, requests } from './requests.mjs';
import { sendGrpc, sendRaw } from './senders.mjs';

/** Name, what sends, what makes the bytes. */
export function attacksOn({ otlp, page, bus }) {
  const header = otlp.header.replace('=', ': ');
  const [name, value] = otlp.header.split('=');
  const http = (path, type, body, more = '') =>
    Buffer.concat([
      Buffer.from(
        `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${header}\r\nContent-Type: ${type}\r\n${more}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
      ),
      body,
    ]);
  const pageRequest =
    'GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\nAccept-Encoding: gzip\r\nX-Prometheus-Scrape-Timeout-Seconds: 10\r\n\r\n';
  const lastPageRequest = pageRequest.replace(/\r\n$/, 'Connection: close\r\n\r\n');
  const lines = busInputs();
  return [
    [
      'OTLP over HTTP, body',
      (bytes) => sendRaw(otlp.port, bytes),
      (random) => {
        const [path, body] = pick(random, requests);
        const changed = changedBytes(random, body);
        const [encoded, more] = pick(random, [
          [changed, ''],
          [gzipSync(changed), 'Content-Encoding: gzip\r\n'],
          [changedBytes(random, deflateSync(changed)), 'Content-Encoding: deflate\r\n'],
        ]);
        return http(`/v1/${path}`, 'application/x-protobuf', encoded, more);
      },
    ],
    [
      'OTLP over HTTP, JSON',
      (bytes) => sendRaw(otlp.port, bytes),
      (random) => http('/v1/traces', 'application/json', changedBytes(random, jsonRequest)),
    ],
    [
      'OTLP over HTTP, whole request',
      (bytes) => sendRaw(otlp.port, bytes),
      (random) => changedBytes(random, http('/v1/traces', 'application/x-protobuf', requests[0][1])),
    ],
    [
      'OTLP over gRPC, message',
      ({ path, body, encoding }) => sendGrpc(otlp.port, path, { [name]: value, ...encoding }, body),
      (random) => {
        const [signal, body] = pick(random, requests);
        const isCompressed = random() < 0.5;
        const changed = changedBytes(random, body);
        const prefix = Buffer.alloc(5);
        const message = isCompressed ? gzipSync(changed) : changed;
        prefix[0] = isCompressed ? 1 : 0;
        prefix.writeUInt32BE(message.length, 1);
        const bytes = Buffer.concat([prefix, message]);
        return {
          path: grpcPaths[signal],
          body: random() < 0.3 ? changedBytes(random, bytes) : bytes,
          encoding: isCompressed ? { 'grpc-encoding': 'gzip' } : {},
        };
      },
    ],
    [
      'OTLP over gRPC, frames',
      (bytes) => sendRaw(otlp.port, bytes),
      (random) =>
        Buffer.concat([preface, ...Array.from({ length: 1 + Math.floor(random() * 20) }, () => frame(random))]),
    ],
    [
      'page',
      (bytes) => sendRaw(page.port, bytes),
      (random) => changedBytes(random, Buffer.from(pageRequest.repeat(Math.floor(random() * 12)) + lastPageRequest)),
    ],
    ['bus, lines', (bytes) => sendRaw(bus.port, bytes), (random) => changedBytes(random, pick(random, lines))],
    [
      'bus, reader that writes',
      (bytes) => sendRaw(bus.path, bytes),
      (random) => changedBytes(random, Buffer.alloc(10, 65)),
    ],
  ];
}

function busInputs() {
  const folder = fileURLToPath(new URL('../../../packages/wire/conformance/bus', import.meta.url));
  return readdirSync(folder).flatMap((name) => {
    const file = readdirSync(join(folder, name)).find((each) => each.startsWith('input'));
    return file === undefined ? [] : [readFileSync(join(folder, name, file))];
  });
}
