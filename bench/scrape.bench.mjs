// What a scrape of /metrics costs: the page of this project, the stock exporter of OpenTelemetry and prom-client, each
// in a process of its own, scraped over HTTP in shuffled order. Between two scrapes every 20th series is recorded, or
// each.
// Ratios are those of the same round, as in interleave.mjs; "stall" is the longest time the event loop stood still.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { quantile, round, shuffled } from './interleave.mjs';
import { report } from './report.mjs';

const rounds = 25;
const [, file, kind, shape, size] = process.argv;
const bounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
/** Gauges of one line a series, or histograms of 13. */
const shapes = {
  gauges: { names: 20, linesPerSeries: 1, recordedEvery: 20, lines: [1000, 10_000, 50_000] },
  'gauges, each recorded': { names: 20, linesPerSeries: 1, recordedEvery: 1, lines: [50_000] },
  histograms: { names: 4, linesPerSeries: bounds.length + 3, recordedEvery: 20, lines: [1000, 10_000, 50_000] },
};
const kinds = ['stock', 'prom-client', 'benchlab', 'benchlab OpenMetrics'];

if (kind !== undefined) await serve();
else {
  for (const [name, { lines }] of Object.entries(shapes)) for (const each of lines) await compare(name, each);
}

async function compare(shapeName, lines) {
  const peers = [];
  for (const name of kinds) {
    const child = fork(fileURLToPath(new URL(`file://${file}`)), [name, shapeName, String(lines)]);
    const [{ port }] = await once(child, 'message');
    peers.push({ name, child, port, ms: [], cpu: [], stall: [], collect: [], bytes: 0 });
  }
  for (const peer of peers) for (let i = 0; i < 6; i++) await scrape(peer);
  for (let i = 0; i < rounds; i++) {
    for (const peer of shuffled(peers)) {
      const before = await ask(peer.child, 'touch');
      const { ms, bytes } = await scrape(peer);
      const after = await ask(peer.child, 'stat');
      peer.bytes = bytes;
      peer.ms.push(ms);
      peer.cpu.push(after.cpuMs - before.cpuMs);
      peer.stall.push(after.stallMs);
      peer.collect.push(after.collectMs);
    }
  }
  for (const { child } of peers) child.disconnect();
  const base = peers[0];
  const ratios = (key, peer) => peer[key].map((value, i) => value / base[key][i]);
  report(
    `scrape of ${lines} lines, ${shapeName}`,
    peers.map((peer) => ({
      page: peer.name,
      ms: round(quantile(peer.ms, 0.5)),
      'ratio to stock': round(quantile(ratios('ms', peer), 0.5)),
      spread: `${round(quantile(ratios('ms', peer), 0.1))}–${round(quantile(ratios('ms', peer), 0.9))}`,
      'CPU ratio': round(quantile(ratios('cpu', peer), 0.5)),
      'stall ms': round(quantile(peer.stall, 0.5)),
      'of it collect()': round(quantile(peer.collect, 0.5)),
      'stall p90': round(quantile(peer.stall, 0.9)),
      kB: Math.round(peer.bytes / 1000),
    })),
    'CPU ratio',
  );
}

async function ask(child, what) {
  child.send(what);
  const [answer] = await once(child, 'message');
  return answer;
}

function scrape({ name, port }) {
  const accept = name.endsWith('OpenMetrics') ? 'application/openmetrics-text' : 'text/plain';
  const started = performance.now();
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/metrics', agent: false, headers: { accept } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve({ ms: performance.now() - started, bytes }));
    }).on('error', reject);
  });
}

/** The process of one peer: as many series as asked for, its page over HTTP, and the parent's questions. */
async function serve() {
  const { names, linesPerSeries, recordedEvery } = shapes[shape];
  const seriesPerName = Math.ceil(Number(size) / linesPerSeries / names);
  const peer = await (kind === 'prom-client' ? promClient() : openTelemetry());
  const records = [];
  for (let name = 0; name < names; name++) {
    const record = linesPerSeries === 1 ? peer.gauge(`metric_${name}`) : peer.histogram(`histogram_${name}`);
    for (let i = 0; i < seriesPerName; i++) {
      const labels = { device: `bl${i % 16}`, channel: `ch${i}`, unit: 'W' };
      records.push((value) => record(value, labels));
    }
  }
  for (const record of records) record(Math.random() * 1000);
  const stalls = monitorEventLoopDelay({ resolution: 1 });
  stalls.enable();
  const server = createServer((request, response) => peer.answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.on('message', (what) => {
    if (what === 'touch') for (let i = 0; i < records.length; i += recordedEvery) records[i](Math.random() * 1000);
    // A turn later, so that recording does not count as a stall; and the last stall of a scrape does.
    setTimeout(() => {
      const { user, system } = process.cpuUsage();
      process.send({ stallMs: stalls.max / 1e6, cpuMs: (user + system) / 1000, collectMs: peer.collectMs });
      if (what === 'touch') stalls.reset();
    }, 5);
  });
  process.once('disconnect', () => process.exit());
  process.send({ port: server.address().port });
}

async function openTelemetry() {
  const { MeterProvider } = await import('@opentelemetry/sdk-metrics');
  const { PrometheusExporter } = await import('@opentelemetry/exporter-prometheus');
  const { metricsPage } = await import('@benchlab-otel/node');
  const page = kind === 'stock' ? undefined : metricsPage();
  const reader = page?.reader ?? new PrometheusExporter({ preventServerStart: true });
  // The default limit of 2000 series an instrument would hide the rest.
  const views = [{ instrumentName: '*', aggregationCardinalityLimit: 100_000 }];
  const meter = new MeterProvider({ readers: [reader], views }).getMeter('bench');
  const collect = reader.collect.bind(reader);
  const peer = {
    collectMs: 0,
    gauge(name) {
      const gauge = meter.createGauge(name, { description: 'A gauge.' });
      return (value, labels) => gauge.record(value, labels);
    },
    histogram(name) {
      const histogram = meter.createHistogram(name, { advice: { explicitBucketBoundaries: bounds } });
      return (value, labels) => histogram.record(value, labels);
    },
    answer: page ? page.handler : (request, response) => reader.getMetricsRequestHandler(request, response),
  };
  reader.collect = async (options) => {
    const started = performance.now();
    const result = await collect(options);
    peer.collectMs = performance.now() - started;
    return result;
  };
  return peer;
}

async function promClient() {
  const { default: client } = await import('prom-client');
  const registers = [new client.Registry()];
  const labelNames = ['device', 'channel', 'unit'];
  return {
    collectMs: 0,
    gauge(name) {
      const gauge = new client.Gauge({ name, help: 'A gauge.', labelNames, registers });
      return (value, labels) => gauge.set(labels, value);
    },
    histogram(name) {
      const histogram = new client.Histogram({ name, help: 'A histogram.', labelNames, registers, buckets: bounds });
      return (value, labels) => histogram.observe(labels, value);
    },
    async answer(_request, response) {
      response.setHeader('content-type', registers[0].contentType);
      response.end(await registers[0].metrics());
    },
  };
}
