// What a slow collector costs: 20,000 spans a second for three seconds over gRPC to a sink in another process that
// acknowledges after a delay, through the batch processor of the SDK with its defaults, with a larger queue and batch,
// and through the processor of this project. The cells of a row run one after the other, in shuffled order. Spans have
// five attributes. "lost" is what the sink never got of what ended; "counted" holds what the processor of this project
// says of itself (otel.sdk.*) against the sink. Needs two minutes and a half.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { exportConfig } from '../packages/node/dist/config/exportConfig.js';
import { exportedSpans } from '../packages/node/dist/export/exportedSignal.js';
import { ExportQueue } from '../packages/node/dist/export/exportQueue.js';
import { queueingSpanProcessor } from '../packages/node/dist/export/queueingProcessors.js';
import { quantile, round, shuffled } from './interleave.mjs';
import { report } from './report.mjs';

const spansPerSecond = 20_000;
const seconds = 3;
const delaysMs = [0, 20, 50, 200];
const burstsMs = [10, 100, 1000];
const kinds = ['SDK, defaults', 'SDK, 65536/2048', 'benchlab'];
const [, file, role] = process.argv;

if (role === 'sink') await sink();
else if (role !== undefined) await send(role);
else await compare();

async function compare() {
  const rows = [];
  const cpu = Object.fromEntries(kinds.map((kind) => [kind, []]));
  for (const delayMs of delaysMs) {
    for (const burstMs of burstsMs) {
      const row = {
        'acknowledged after': `${delayMs} ms`,
        bursts: `${(spansPerSecond * burstMs) / 1000} each ${burstMs} ms`,
      };
      for (const kind of shuffled(kinds)) {
        const { ended, arrived, exported, dropped, cpuMs, lateMs } = await cell(kind, delayMs, burstMs);
        row[`lost: ${kind}`] = `${round((100 * (ended - arrived)) / ended)} %`;
        cpu[kind].push((cpuMs * 100_000) / Math.max(1, arrived));
        if (kind !== 'benchlab') continue;
        row.counted = exported === arrived && exported + dropped === ended ? 'as the sink' : `${exported} + ${dropped}`;
        row['late by'] = `${Math.round(lateMs)} ms`;
      }
      rows.push(row);
    }
  }
  console.log(
    `\nexport, ${spansPerSecond} spans a second for ${seconds} s; "late by": how much longer the bursts took than planned`,
  );
  console.table(rows.map((row) => Object.fromEntries(Object.entries(row).sort(([a], [b]) => column(a) - column(b)))));
  const base = quantile(cpu[kinds[1]], 0.5);
  report(
    'CPU of the sending process for 100,000 spans that arrived, spans made included, ratio to the second',
    kinds.map((kind) => ({ kind, ms: round(quantile(cpu[kind], 0.5)), ratio: round(quantile(cpu[kind], 0.5) / base) })),
    'ratio',
  );
}

function column(name) {
  const order = ['acknowledged after', 'bursts', ...kinds.map((kind) => `lost: ${kind}`), 'counted', 'late by'];
  return order.indexOf(name);
}

async function cell(kind, delayMs, burstMs) {
  const path = fileURLToPath(new URL(`file://${file}`));
  const server = fork(path, ['sink'], { env: { ...process.env, DELAY_MS: String(delayMs) } });
  const [{ port }] = await once(server, 'message');
  const sender = fork(path, [kind], { env: { ...process.env, PORT: String(port), BURST_MS: String(burstMs) } });
  const [result] = await once(sender, 'message');
  sender.disconnect();
  server.send('count');
  const [{ arrived }] = await once(server, 'message');
  server.disconnect();
  return { ...result, arrived };
}

async function send(kind) {
  const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${process.env.PORT}` });
  const watch = { succeeded() {}, failed() {}, dropped() {} };
  const queue = new ExportQueue(exporter, { ...exportConfig('OTEL_BSP', {}), signal: exportedSpans, watch });
  const processor =
    kind === 'benchlab'
      ? queueingSpanProcessor(queue)
      : new BatchSpanProcessor(
          exporter,
          kind === 'SDK, defaults' ? {} : { maxQueueSize: 65_536, maxExportBatchSize: 2048 },
        );
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  const tracer = provider.getTracer('bench');
  const burstMs = Number(process.env.BURST_MS);
  const attributes = { a: 'value', b: 'another value', c: 1, d: 2.5, e: true };
  const perBurst = (spansPerSecond * burstMs) / 1000;
  tracer.startSpan('first', { attributes }).end();
  await processor.forceFlush();
  let ended = 1;
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  for (let burst = 0; burst < (seconds * 1000) / burstMs; burst++) {
    const wait = started + burst * burstMs - performance.now();
    if (wait > 0) await sleep(wait);
    for (let k = 0; k < perBurst; k++) tracer.startSpan('operation', { attributes }).end();
    ended += perBurst;
  }
  const lateMs = Math.max(0, performance.now() - started - seconds * 1000 + burstMs);
  await processor.forceFlush();
  const { user, system } = process.cpuUsage(cpuBefore);
  const counted = queue.counts();
  const count = (name, errorType) =>
    counted.find(({ definition, attributes: a }) => definition.name === name && a['error.type'] === errorType)?.value ??
    0;
  process.send({
    ended,
    lateMs,
    cpuMs: (user + system) / 1000,
    exported: count('otel.sdk.exporter.span.exported'),
    dropped: count('otel.sdk.processor.span.processed', 'queue_full'),
  });
  await once(process, 'disconnect');
  process.exit();
}

/** Counts the spans of each request by walking over the protobuf: resource_spans 1, scope_spans 2, spans 2. */
async function sink() {
  const delayMs = Number(process.env.DELAY_MS);
  let arrived = 0;
  const identity = (bytes) => bytes;
  const server = new Server({ 'grpc.max_receive_message_length': 64 * 1024 * 1024 });
  server.addService(
    {
      export: {
        path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        requestStream: false,
        responseStream: false,
        requestSerialize: identity,
        requestDeserialize: identity,
        responseSerialize: identity,
        responseDeserialize: identity,
      },
    },
    {
      export(call, respond) {
        arrived += spansIn(call.request);
        setTimeout(() => respond(null, Buffer.alloc(0)), delayMs);
      },
    },
  );
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_error, port) => process.send({ port }));
  process.on('message', () => process.send({ arrived }));
  await once(process, 'disconnect');
  server.forceShutdown();
}

function spansIn(request) {
  let spans = 0;
  for (const resource of fields(request, 1))
    for (const scope of fields(resource, 2)) spans += [...fields(scope, 2)].length;
  return spans;
}

/** The values of a length-delimited field of a message. */
function* fields(bytes, wanted) {
  for (let at = 0; at < bytes.length; ) {
    const tag = varint(bytes, at);
    at = tag.next;
    const size = varint(bytes, at);
    if ((tag.value & 7) !== 2) {
      at = (tag.value & 7) === 0 ? size.next : at + ((tag.value & 7) === 1 ? 8 : 4);
      continue;
    }
    at = size.next + size.value;
    if (tag.value >> 3 === wanted) yield bytes.subarray(size.next, at);
  }
}

function varint(bytes, from) {
  let value = 0;
  let shift = 0;
  let next = from;
  for (;;) {
    const byte = bytes[next++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return { value, next };
    shift += 7;
  }
}
