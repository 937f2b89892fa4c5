// Random attacks on what listens: both protocols of the OTLP receiver, the metrics page, both ends of the sample bus. A seed
// gives the same bytes again. The targets are processes of their own, which end themselves beyond a bound of memory.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync, gzipSync } from 'node:zlib';

/** The bound of memory of each target, MB: an idle one takes some 100. */
const limitMb = 500;
/** A connection that is still open after this is closed by the attacker, ms. */
const patienceMs = 500;
/** A good request between attacks must be answered within this, ms. */
const healthMs = 20_000;
const roundsBetweenChecks = 250;
const attackers = 4;

/**
 * Attacks until one of the bounds is reached. Resolves to the figures; rejects when a target ends or does not answer.
 *
 * @param {{ seed: number, rounds?: number, ms?: number }} options
 */
export async function fuzz({ seed, rounds = Number.POSITIVE_INFINITY, ms = Number.POSITIVE_INFINITY }) {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-fuzz-'));
  const targets = [];
  try {
    const started = async (name, ...args) => {
      const target = await startTarget(name, args);
      targets.push(target);
      return target;
    };
    const [otlp, page] = [await started('otlp'), await started('page', 'page')];
    const bus = Object.assign(await started('bus', join(folder, 'agent.sock')), { path: join(folder, 'agent.sock') });
    return await attack({ otlp, page, bus }, generator(seed), rounds, ms);
  } catch (error) {
    throw new Error(`seed ${seed}: ${error.message}`, { cause: error });
  } finally {
    for (const { child } of targets) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function attack(targets, random, rounds, ms) {
  const started = performance.now();
  const all = attacksOn(targets);
  const counts = Object.fromEntries(all.map(([name]) => [name, 0]));
  let [done, slowestMs] = [0, 0];
  while (done < rounds && performance.now() - started < ms) {
    const batch = Math.min(roundsBetweenChecks, rounds - done);
    const next = Array.from({ length: batch }, () => {
      const [name, send, make] = all[Math.floor(random() * all.length)];
      counts[name]++;
      // All that is random happens here, in one order: who is faster does not matter.
      return [send, make(random)];
    });
    const one = async () => {
      for (let job = next.pop(); job !== undefined; job = next.pop()) await job[0](job[1]);
    };
    await Promise.all(Array.from({ length: attackers }, one));
    done += batch;
    slowestMs = Math.max(slowestMs, await health(targets));
  }
  const mostMb = {};
  for (const [name, target] of Object.entries(targets)) mostMb[name] = (await target.figures()).mostMb;
  return { rounds: done, counts, mostMb, slowestMs: Math.round(slowestMs) };
}

/** Name, what sends, what makes the bytes. */
function attacksOn({ otlp, page, bus }) {
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

/** Good requests are still answered. Resolves to the time of the slowest answer, ms. */
async function health({ otlp, page, bus }) {
  const started = performance.now();
  const header = otlp.header.replace('=', ': ');
  const get = (text) => Buffer.from(text);
  const [trace, scrape] = await Promise.all([
    sendRaw(
      otlp.port,
      get(
        `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\n${header}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
      ),
      healthMs,
    ),
    sendRaw(page.port, get('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'), healthMs),
    bus.figures(),
  ]);
  for (const [what, answer] of Object.entries({ receiver: trace, page: scrape })) {
    if (!answer.startsWith('HTTP/1.1 200'))
      throw new Error(`the ${what} does not answer a good request: "${answer.slice(0, 80)}"`);
  }
  return performance.now() - started;
}

/** Resolves to what came back, when the other side closed the connection or patience ended. */
function sendRaw(to, bytes, patience = patienceMs) {
  return new Promise((resolve) => {
    const socket = typeof to === 'number' ? connect(to, '127.0.0.1') : connect(to);
    let text = '';
    const timer = setTimeout(() => socket.destroy(), patience);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (text.length < 1000) text += chunk.toString('latin1');
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
    socket.write(bytes);
  });
}

function sendGrpc(port, path, headers, body) {
  return new Promise((resolve) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const end = () => {
      clearTimeout(timer);
      session.destroy();
      resolve();
    };
    const timer = setTimeout(end, patienceMs);
    session.on('error', end);
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    stream.on('error', () => undefined);
    stream.on('close', end);
    stream.resume();
    stream.end(body);
  });
}

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** A frame of HTTP/2 with random content (RFC 9113, section 4.1). */
function frame(random) {
  const content = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)));
  const head = Buffer.alloc(9);
  head.writeUIntBE(random() < 0.9 ? content.length : Math.floor(random() * 2 ** 24), 0, 3);
  head[3] = Math.floor(random() * 11);
  head[4] = Math.floor(random() * 256);
  head.writeUInt32BE(Math.floor(random() * 4), 5);
  return Buffer.concat([head, content]);
}

/** One to eight changes: bytes changed, removed, doubled, repeated many times, numbers made large. */
function changedBytes(random, given) {
  let bytes = Buffer.from(given);
  const below = (most) => Math.floor(random() * most);
  for (let changes = 1 + below(8); changes > 0 && bytes.length > 0; changes--) {
    const at = below(bytes.length);
    const length = 1 + below(Math.min(40, bytes.length - at));
    const part = bytes.subarray(at, at + length);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + length)];
    const repeated = () => Buffer.alloc(Math.min(length * (1 + below(random() < 0.1 ? 20_000 : 20)), 400_000), part);
    const made = [
      () => Buffer.from(part.map(() => below(256))),
      () => Buffer.alloc(0),
      repeated,
      () => Buffer.alloc(length, [0x00, 0x0a, 0x12, 0x22, 0x2c, 0x5b, 0x7b, 0x80, 0xff][below(9)]),
    ][below(4)]();
    bytes = Buffer.concat([before, made, after]);
  }
  return bytes;
}

function pick(random, list) {
  return list[Math.floor(random() * list.length)];
}

/** Mulberry32. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function busInputs() {
  const folder = fileURLToPath(new URL('../../packages/wire/conformance/bus', import.meta.url));
  return readdirSync(folder).flatMap((name) => {
    const file = readdirSync(join(folder, name)).find((each) => each.startsWith('input'));
    return file === undefined ? [] : [readFileSync(join(folder, name, file))];
  });
}

async function startTarget(name, args) {
  const file = fileURLToPath(new URL(`targets/${name}.mjs`, import.meta.url));
  const env = { ...process.env, LIMIT_MB: String(limitMb) };
  const child = fork(file, args, { execArgv: [], env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr.on('data', (bytes) => {
    errors = `${errors}${bytes}`.slice(-2000);
  });
  const end = new Promise((_, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`${name} ended with ${signal ?? code}: ${errors}`)));
  });
  end.catch(() => undefined);
  const message = () => Promise.race([once(child, 'message').then(([first]) => first), end]);
  const address = await message();
  return {
    ...address,
    child,
    figures() {
      const answer = message();
      if (child.connected) child.send('figures');
      return answer;
    },
  };
}

function field(number, ...parts) {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  const length = [];
  for (let rest = content.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), content]);
}

function fixed64(number, value) {
  const bytes = Buffer.alloc(9, number * 8 + 1);
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
}

const attribute = (number) => field(number, field(1, 'http.route'), field(2, field(1, '/cart')));
const resource = field(1, attribute(1));
const scope = field(1, field(1, 'shop'), field(2, '1.0'));
const times = Buffer.concat([fixed64(7, 1_700_000_000_000_000_000n), fixed64(8, 1_700_000_000_000_500_000n)]);
const span = Buffer.concat([
  field(1, Buffer.alloc(16, 1)),
  field(2, Buffer.alloc(8, 2)),
  field(4, Buffer.alloc(8, 3)),
  field(5, 'checkout'),
  times,
  attribute(9),
  field(9, field(1, 'list'), field(2, field(5, field(1, field(1, 'a')), field(1, field(6, attribute(1)))))),
  field(11, fixed64(1, 1_700_000_000_000_000_000n), field(2, 'event'), attribute(3)),
  field(13, field(1, Buffer.alloc(16, 1)), field(2, Buffer.alloc(8, 2)), attribute(4)),
]);
const point = Buffer.concat([
  fixed64(2, 1n),
  fixed64(3, 1_700_000_000_000_000_000n),
  fixed64(4, 5n),
  field(6, Buffer.alloc(24, 1)),
  field(7, Buffer.alloc(16, 2)),
  attribute(9),
]);
const metric = field(2, field(1, 'wait'), field(3, 's'), field(9, field(1, point)));
const record = field(2, fixed64(1, 1_700_000_000_000_000_000n), field(5, field(1, 'text')), attribute(6));
const requests = [
  ['traces', field(1, resource, field(2, scope, field(2, span), field(2, span)))],
  ['metrics', field(1, resource, field(2, scope, metric))],
  ['logs', field(1, resource, field(2, scope, record))],
];
const grpcPaths = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
};
const jsonRequest = Buffer.from(
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [
          {
            scope: { name: 'shop' },
            spans: [
              {
                traceId: '0af7651916cd43dd8448eb211c80319c',
                spanId: 'b7ad6b7169203331',
                name: 'checkout',
                kind: 3,
                startTimeUnixNano: '1700000000000000000',
                endTimeUnixNano: '1700000000000500000',
                attributes: [
                  { key: 'a', value: { arrayValue: { values: [{ intValue: '5' }, { doubleValue: 1.5 }] } } },
                ],
              },
            ],
          },
        ],
      },
    ],
  }),
);
