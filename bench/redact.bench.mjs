// What redaction costs: batches of 512 spans with ten attributes, an event and a link, every twentieth with an exception, go
// over gRPC to a sink in another process, as they are, and through ten rules (allow, drop, hash, seven masks, one of them for
// credentials). CPU of the sending process. The bar is 1.2 x of the export.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { Redaction } from '../packages/node/dist/redact/redaction.js';
import { interleave } from './interleave.mjs';
import { report } from './report.mjs';

if (process.argv[2] === 'sink') await sink();
else await compare();

async function compare() {
  const server = fork(fileURLToPath(import.meta.url), ['sink']);
  const [{ port }] = await once(server, 'message');
  const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${port}` });
  const redaction = new Redaction(rules());
  const batches = Array.from({ length: 16 }, (_, k) => spans(k));
  const exporting = (to) => async (calls) => {
    for (let k = 0; k < calls; k += 64) {
      await new Promise((resolve) => to.export(batches[(k / 64) % batches.length], resolve));
    }
  };
  const variants = { export: exporting(exporter), 'export, ten rules': exporting(redaction.spans(exporter)) };
  report('OTLP export of 512 spans, with redaction', await interleave(variants, 'export'), 'ratio of p10');
  await exporter.shutdown();
  server.disconnect();
}

function rules() {
  return [
    { allow: ['http.*', 'user.*', 'db.*', 'exception.*', 'server.*', 'order.*', 'service.*', 'cache.*', 'link.*'] },
    { drop: ['http.request.header.*', 'user.email'] },
    { hash: ['user.id'], key: 'a key of 16 characters' },
    { mask: /\b\d{13,19}\b/ },
    { mask: /\b[\w.+-]+@[\w-]+\.\w+\b/ },
    { mask: /\b\d{3}-\d{2}-\d{4}\b/ },
    { mask: /\b(?:\d{1,3}\.){3}\d{1,3}\b/ },
    { mask: /\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b/ },
    { mask: 'secrets' },
    { mask: /\/users\/\d+/, names: ['http.route', 'span.name'] },
  ];
}

/** As services make them: names repeat, ids do not. */
function spans(batch) {
  const memory = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] });
  const tracer = provider.getTracer('bench', '1.0.0');
  for (let k = 0; k < 512; k++) {
    const id = batch * 512 + k;
    const span = tracer.startSpan(`GET /orders/{id} ${k % 20}`, {
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/orders/{id}',
        'http.response.status_code': 200,
        'server.address': 'shop.example',
        'user.id': String(id % 500),
        'user.email': `ada${id}@example.com`,
        'order.id': `order-${id}`,
        'db.query.text': `SELECT * FROM orders WHERE id = $1 AND tenant = ${id % 7}`,
        'cache.hit': k % 2 === 0,
        'order.total': id / 7,
      },
      links: [
        {
          context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 },
          attributes: { 'link.kind': 'cause' },
        },
      ],
    });
    span.addEvent('cache.lookup', { 'cache.key': `order:${id}` });
    if (k % 20 === 0) span.recordException(new Error(`order ${id} is late`));
    span.end();
  }
  return memory.getFinishedSpans();
}

/** Takes every request, and keeps nothing. */
async function sink() {
  const server = new Server({ 'grpc.max_receive_message_length': 64 * 1024 * 1024 });
  const identity = (bytes) => bytes;
  const method = {
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  };
  server.addService({ export: method }, { export: (_call, respond) => respond(null, Buffer.alloc(0)) });
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_error, port) => process.send({ port }));
  await once(process, 'disconnect');
  server.forceShutdown();
}
