// What the collectors of collector-config cost: points of metrics and spans a second on one core, the processor time of a
// million, and memory, with queues on disk as shipped and with the same queues in memory; next to them, receiver and exporter
// with the defaults of OpenTelemetry's collector, of the same build.
//
// A collector has one core (GOMAXPROCS=1). Requests of protobuf go in over four connections, as fast as it answers; a sink
// takes what comes out. "lost" is what was answered with 200 and did not reach the sink. Memory is VmHWM and processor time
// utime + stime, as the kernel states them in /proc. Needs .stack (npm run stack:install).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { ProtobufMetricsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { binary } from '../scripts/stack-parts.mjs';

const seconds = Number(process.env.STACK_BENCH_SECONDS ?? 10);
/** An attribute that the gateway lets pass, with a value by which the sink counts. */
const [markKey, mark] = ['http.route', '/bench-item'];
const connections = 4;
const itemsPerRequest = 500;
const drainLimitMs = 60_000;
/** USER_HZ, in which /proc/PID/stat counts on every Linux that Node runs on. */
const ticksPerSecond = 100;
/** Of this bench: nothing else listens here, and servers of tests take any free port. */
const ports = { otlp: 24318, grpc: 24317, sink: 24319, telemetry: 24320, health: 24321, scrape: 24322 };
const collector = binary('benchlab-otelcol');
const read = (name) => readFileSync(fileURLToPath(new URL(`../collector-config/${name}`, import.meta.url)), 'utf8');

if (!existsSync(collector)) console.log('stack: the collector is not installed. Run: npm run stack:install');
else await measure();

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-stack-bench-'));
  const bodies = { metrics: await metricsBody(), traces: spansBody() };
  const rows = [];
  try {
    for (const [name, text] of Object.entries(variants())) {
      for (const signal of ['metrics', 'traces']) rows.push(await measured(folder, name, text, signal, bodies[signal]));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`\nstack: ${seconds} s each on one core, ${itemsPerRequest} points or spans a request`);
  console.table(rows);
}

/** Configurations that send everything to the sink over HTTP, so that all of them have the same other side. */
function variants() {
  const inMemory = (text) => text.replaceAll(/^ +storage: file_storage\n/gm, '');
  // The gateway as it is, without certificates: TLS and tokens are the same in every peer, and not measured here.
  const gateway = read('gateway/gateway.yaml')
    .replaceAll(/^ +tls: (?:&server_tls\n(?: {10}.*\n)+|\*server_tls\n)/gm, '')
    .replaceAll(/^ +auth: (?:&server_auth\n {10}.*\n|\*server_auth\n)/gm, '')
    .replaceAll(/^ +auth:\n +authenticator: headers_setter\/upstream\n/gm, '')
    .replace(
      '[health_check, bearertokenauth/senders, headers_setter/upstream, file_storage]',
      '[health_check, file_storage]',
    );
  const agent = read('agent/agent.yaml');
  const defaults = `
receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${ports.otlp}" } } } }
exporters: { otlp_http/all: { endpoint: "http://127.0.0.1:${ports.sink}" } }
extensions: { health_check: { endpoint: "127.0.0.1:${ports.health}" } }
service:
  extensions: [health_check]
  pipelines:
    traces: { receivers: [otlp], exporters: [otlp_http/all] }
    metrics: { receivers: [otlp], exporters: [otlp_http/all] }
`;
  return {
    'agent, queues on disk': overHttp(agent),
    'agent, queues in memory': inMemory(overHttp(agent)),
    'gateway, queues on disk': overHttp(gateway),
    'gateway, queues in memory': inMemory(overHttp(gateway)),
    "OpenTelemetry's defaults": defaults,
  };
}

function overHttp(text) {
  return text
    .replace(
      / {2}otlp_grpc\/traces:\n {4}endpoint: .*\n(?: {4}tls:\n(?: {6}.*\n)+)?/,
      `  otlp_http/traces:\n    endpoint: http://127.0.0.1:${ports.sink}\n`,
    )
    .replaceAll('otlp_grpc/traces', 'otlp_http/traces');
}

async function measured(folder, name, text, signal, body) {
  const file = join(folder, 'config.yaml');
  writeFileSync(file, text);
  const sink = await startSink();
  const env = environment(mkdtempSync(join(folder, 'queues-')));
  const child = spawn(collector, [`--config=file:${file}`], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log = `${log}${chunk}`.slice(-2000);
  });
  try {
    await ready(() => log);
    const warm = await load(signal, body, 1);
    const [ticks, startedMs] = [ticksOf(child), performance.now()];
    const accepted = await load(signal, body, seconds);
    const elapsedSeconds = (performance.now() - startedMs) / 1000;
    // The work is done when everything is out: what waits in a queue still costs.
    for (let waitedMs = 0; sink.items < warm + accepted && waitedMs < drainLimitMs; waitedMs += 100) await sleep(100);
    const cpuSeconds = (ticksOf(child) - ticks) / ticksPerSecond;
    return {
      collector: name,
      signal,
      'a second': Math.round(accepted / elapsedSeconds),
      'CPU s a million': Number((cpuSeconds / (accepted / 1e6)).toFixed(2)),
      'RSS, MiB': mebibytes(child),
      lost: warm + accepted - sink.items,
    };
  } finally {
    // The next one has the same ports.
    const gone = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGKILL')) await gone;
    sink.close();
  }
}

function environment(state) {
  const loopback = (port) => `127.0.0.1:${port}`;
  return {
    PATH: process.env.PATH,
    GOMAXPROCS: '1',
    GOMEMLIMIT: '819MiB',
    COLLECTOR_MEMORY_MIB: '1024',
    COLLECTOR_MEMORY_SPIKE_MIB: '204',
    COLLECTOR_STATE_DIR: state,
    COLLECTOR_OTLP_GRPC_ENDPOINT: loopback(ports.grpc),
    COLLECTOR_OTLP_HTTP_ENDPOINT: loopback(ports.otlp),
    COLLECTOR_HEALTH_ENDPOINT: loopback(ports.health),
    COLLECTOR_SCRAPE_ENDPOINT: loopback(ports.scrape),
    COLLECTOR_TELEMETRY_PORT: String(ports.telemetry),
    COLLECTOR_METRICS_ENDPOINT: `http://${loopback(ports.sink)}`,
    COLLECTOR_LOGS_ENDPOINT: `http://${loopback(ports.sink)}`,
  };
}

/** Takes OTLP over HTTP, and counts the points and spans of the bench by their mark. */
async function startSink() {
  let items = 0;
  const server = createServer((message, answer) => {
    const chunks = [];
    message.on('data', (chunk) => chunks.push(chunk));
    message.on('end', () => {
      const body = Buffer.concat(chunks);
      items += occurrences(message.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      answer.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  server.listen(ports.sink, '127.0.0.1');
  await once(server, 'listening');
  return {
    get items() {
      return items;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function occurrences(body) {
  let count = 0;
  for (let at = body.indexOf(mark); at !== -1; at = body.indexOf(mark, at + mark.length)) count++;
  return count;
}

/** Items that were answered with 200. What is refused is sent again: that is what an SDK does. */
async function load(signal, body, forSeconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const untilMs = performance.now() + forSeconds * 1000;
  let accepted = 0;
  const send = async () => {
    while (performance.now() < untilMs) {
      if ((await post(agent, signal, body)) === 200) accepted += itemsPerRequest;
      else await sleep(20);
    }
  };
  await Promise.all(Array.from({ length: connections }, send));
  agent.destroy();
  return accepted;
}

function post(agent, signal, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const options = { agent, host: '127.0.0.1', port: ports.otlp, path: `/v1/${signal}`, method: 'POST', headers };
    const sent = request(options, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

async function metricsBody() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('bench');
  for (let k = 0; k < itemsPerRequest / 50; k++) {
    const gauge = meter.createGauge(`bench.power.${k}`, { unit: 'W' });
    for (let rail = 0; rail < 50; rail++) gauge.record(k + rail, { [markKey]: mark, 'hw.id': `rail-${rail}` });
  }
  await reader.forceFlush();
  await reader.shutdown();
  return ProtobufMetricsSerializer.serializeRequest(exporter.getMetrics()[0]);
}

function spansBody() {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer('bench');
  for (let k = 0; k < itemsPerRequest; k++) {
    const attributes = {
      [markKey]: mark,
      'http.request.method': 'GET',
      'backend.name': 'cuda',
      'model.version': `${k % 7}`,
    };
    tracer.startSpan(`operation ${k % 10}`, { root: true, attributes }).end();
  }
  return ProtobufTraceSerializer.serializeRequest(exporter.getFinishedSpans());
}

async function ready(log) {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 100) {
    const answer = await fetch(`http://127.0.0.1:${ports.health}/`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`The collector does not answer. Its last lines:\n${log()}`);
}

function ticksOf({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function mebibytes({ pid }) {
  const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(kibibytes) / 1024);
}
