// What the probe costs next to what it runs, each figure with its peer in the same rounds, in shuffled order. The probe is that of its
// tarballs, as users have it.
//
// - help: wall time of `benchlab-probe --help` over a Node process that does nothing.
// - empty child: wall time of `run` with a child that does nothing, over that child alone.
// - verdict: from the moment at which a program has sent all that is needed, by its own clock, to the end of `run`.
// - spans: 50,000 spans in requests of 500 over four connections of OTLP/HTTP, to `serve` and to the collector of this project
//   with the debug exporter at verbosity basic. Processor time is utime + stime of all threads until all was answered, from
//   /proc. Lost are spans that were answered with 200 and are not in the report. Needs .stack (npm run stack:install).

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { binary } from '../scripts/stack-parts.mjs';
import { quantile, shuffled } from './interleave.mjs';
import { packedFolder } from './packed.mjs';

const startRounds = 15;
const spanRounds = 5;
const spansPerRequest = 500;
const requests = 100;
const connections = 4;
/** USER_HZ, in which /proc/PID/stat counts on every Linux that Node runs on. */
const ticksPerSecond = 100;
/** Of this bench: nothing else listens here, and servers of tests take any free port. */
const ports = { probe: 24417, collector: 24418, health: 24422 };
const limits = { help: 120, 'empty child': 250, verdict: 300, spans: 2 };
const packed = await packedFolder('@benchlab-otel/probe-cli');
const probe = join(packed, 'node_modules/@benchlab-otel/probe-cli/bin/benchlab-probe.mjs');
const collector = binary('benchlab-otelcol');

const folder = mkdtempSync(join(tmpdir(), 'benchlab-probe-bench-'));
try {
  starts();
  if (existsSync(collector)) await spans();
  else console.log('spans: the collector is not installed. Run: npm run stack:install');
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(packed, { recursive: true, force: true });
}

function starts() {
  const empty = ['-e', ''];
  const sends = `
    import { startTelemetry } from '@benchlab-otel/node';
    import { withSpan } from '@benchlab-otel/sdk';
    const telemetry = await startTelemetry({ serviceName: 'bench' });
    withSpan('work', () => {});
    await telemetry.shutdown();
    console.log('sent ' + (performance.timeOrigin + performance.now()));
    process.exit();`;
  const variants = {
    node: () => wallMs(empty),
    help: () => wallMs([probe, '--help']),
    run: () => wallMs([probe, 'run', '--', process.execPath, ...empty]),
    verdict() {
      const child = [process.execPath, '--input-type=module', '--eval', sends];
      const { stdout } = ended([probe, 'run', '--budget', 'count(work) >= 1', '--', ...child]);
      const endMs = performance.timeOrigin + performance.now();
      const [, sentMs] = /^sent (.+)$/m.exec(stdout) ?? [];
      if (sentMs === undefined || !/^PASS/m.test(stdout)) throw new Error(`The run did not pass:\n${stdout}`);
      return endMs - Number(sentMs);
    },
  };
  const times = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let round = 0; round < startRounds; round++) {
    for (const name of shuffled(Object.keys(variants))) times[name].push(variants[name]());
  }
  const over = (name) => times[name].map((ms, round) => ms - times.node[round]);
  const row = (name, all, share) => ({
    figure: name,
    'ms (p10)': Math.round(quantile(all, 0.1)),
    ms: Math.round(quantile(all, 0.5)),
    'ms (p90)': Math.round(quantile(all, 0.9)),
    limit: limits[name],
    ...(share && { 'of node': (quantile(share, 0.5) / quantile(times.node, 0.5)).toFixed(2) }),
  });
  console.log(
    `\nprobe, wall milliseconds, ${startRounds} processes each; node alone takes ${Math.round(quantile(times.node, 0.5))}`,
  );
  console.table([
    row('help', over('help'), times.help),
    row('empty child', over('run'), times.run),
    row('verdict', times.verdict),
  ]);
}

function wallMs(args) {
  const before = performance.now();
  ended(args);
  return performance.now() - before;
}

function ended(args) {
  const result = spawnSync(process.execPath, args, { cwd: packed, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${args.join(' ')} ended with ${result.status}:\n${result.stderr}`);
  return result;
}

async function spans() {
  const bodies = spanBodies();
  const rounds = [];
  for (let round = 0; round < spanRounds; round++) {
    const figures = {};
    for (const name of shuffled(['serve', 'collector'])) {
      figures[name] = await (name === 'serve' ? byServe(bodies) : byCollector(bodies));
    }
    rounds.push(figures);
  }
  const cpu = (name) => rounds.map((each) => each[name].cpuSeconds);
  const ratios = rounds.map((each) => each.serve.cpuSeconds / each.collector.cpuSeconds);
  const perSpan = (name) => Number(((quantile(cpu(name), 0.5) / (requests * spansPerRequest)) * 1e6).toFixed(1));
  console.log(
    `\nprobe, ${requests * spansPerRequest} spans, ${spanRounds} rounds; the limit of the ratio is ${limits.spans}`,
  );
  console.table([
    {
      receiver: 'serve',
      'CPU us a span': perSpan('serve'),
      'ratio to the collector': quantile(ratios, 0.5).toFixed(2),
      spread: `${quantile(ratios, 0.1).toFixed(2)}–${quantile(ratios, 0.9).toFixed(2)}`,
      lost: rounds.reduce((sum, each) => sum + each.serve.lost, 0),
    },
    { receiver: 'collector, debug exporter', 'CPU us a span': perSpan('collector') },
  ]);
}

/** The processor time from the first request to the report that has all of them. */
async function byServe(bodies) {
  const json = join(folder, 'arrived.json');
  const args = [probe, 'serve', '--listen', `127.0.0.1:${ports.probe}`, '--json', json];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  for (let waitedMs = 0; !log.includes('is received at'); waitedMs += 20) {
    if (waitedMs > 20_000) throw new Error(`The probe does not listen:\n${log}`);
    await sleep(20);
  }
  const before = ticksOf(child);
  const accepted = await load(bodies, ports.probe);
  const cpuSeconds = (ticksOf(child) - before) / ticksPerSecond;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  await exited;
  const { received } = JSON.parse(readFileSync(json, 'utf8'));
  return { cpuSeconds, lost: accepted - received.spans };
}

async function byCollector(bodies) {
  const file = join(folder, 'collector.yaml');
  writeFileSync(
    file,
    `
receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${ports.collector}" } } } }
exporters: { debug: { verbosity: basic } }
extensions: { health_check: { endpoint: "127.0.0.1:${ports.health}" } }
service:
  extensions: [health_check]
  telemetry: { metrics: { level: none } }
  pipelines:
    traces: { receivers: [otlp], exporters: [debug] }
`,
  );
  const child = spawn(collector, [`--config=file:${file}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log = `${log}${chunk}`.slice(-2000);
  });
  try {
    for (let waitedMs = 0; ; waitedMs += 100) {
      const answer = await fetch(`http://127.0.0.1:${ports.health}/`).catch(() => undefined);
      if (answer?.ok) break;
      if (waitedMs > 20_000) throw new Error(`The collector does not answer. Its last lines:\n${log}`);
      await sleep(100);
    }
    const before = ticksOf(child);
    await load(bodies, ports.collector);
    return { cpuSeconds: (ticksOf(child) - before) / ticksPerSecond };
  } finally {
    const gone = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGKILL')) await gone;
  }
}

/** Sends all bodies; resolves to the number of spans that were answered with 200. */
async function load(bodies, port) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const left = [...bodies];
  let accepted = 0;
  const send = async () => {
    for (let body = left.pop(); body !== undefined; body = left.pop()) {
      if ((await post(agent, port, body)) === 200) accepted += spansPerRequest;
    }
  };
  await Promise.all(Array.from({ length: connections }, send));
  agent.destroy();
  return accepted;
}

function post(agent, port, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const options = { agent, host: '127.0.0.1', port, path: '/v1/traces', method: 'POST', headers };
    const sent = request(options, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function spanBodies() {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer('bench');
  return Array.from({ length: requests }, () => {
    for (let k = 0; k < spansPerRequest; k++) {
      const attributes = {
        'http.request.method': 'GET',
        'http.route': '/cart/{id}',
        'backend.name': 'cuda',
        'model.version': `${k % 7}`,
      };
      tracer.startSpan(`operation ${k % 10}`, { root: true, attributes }).end();
    }
    const body = ProtobufTraceSerializer.serializeRequest(exporter.getFinishedSpans());
    exporter.reset();
    return body;
  });
}

function ticksOf({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
