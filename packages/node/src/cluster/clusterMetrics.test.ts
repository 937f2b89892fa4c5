import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { type ClusterMetrics, clusterMetrics } from './clusterMetrics.ts';

const built = JSON.stringify(new URL('../../dist/index.js', import.meta.url).href);
const api = JSON.stringify(import.meta.resolve('@opentelemetry/api'));

/**
 * Four workers on one page: all answer, one hangs and is killed, one is killed while its page is summed, one shuts down, one is
 * disconnected, and one starts that has no telemetry.
 */
const program = `
import cluster from 'node:cluster';
import { once } from 'node:events';
import { clusterMetrics, startTelemetry } from ${built};
import * as api from ${api};
if (cluster.isPrimary) await primary();
else if (process.env.JOBS === 'none') setInterval(() => {}, 1_000);
else await worker(Number(process.env.JOBS));

async function primary() {
  const page = await clusterMetrics({ port: 0 });
  const workers = [100, 400, 200, 300].map((JOBS) => cluster.fork({ JOBS }));
  await Promise.all(workers.map((each) => once(each, 'message')));
  const scrape = async () => {
    const begun = performance.now();
    const response = await fetch(page.metricsUrl, { headers: { 'x-prometheus-scrape-timeout-seconds': '4' } });
    const lines = (await response.text()).split('\\n');
    const value = (start) => lines.filter((line) => line.startsWith(start)).map((line) => Number(line.split(' ').at(-1)));
    return {
      status: response.status,
      jobs: value('jobs_total'),
      loads: value('load{').sort((a, b) => a - b),
      took: value('took_count'),
      inFlight: value('busy{'),
      hasFields: lines.filter((line) => line.startsWith('jobs_total')).every((line) => line.includes('rack="r7"')),
      unanswered: value('benchlab_cluster_unanswered_total'),
      isQuick: performance.now() - begun < 3_200,
      // Less than the 1,800 ms that a worker has.
      hasWaited: performance.now() - begun > 1_600,
    };
  };
  // One listener until the text comes: answers to the primary and the text may come in one turn.
  const said = (worker, text) =>
    new Promise((resolve) => {
      worker.on('message', function listen(message) {
        if (message !== text) return;
        worker.off('message', listen);
        resolve();
      });
    });
  const ask = (worker, what, text) => {
    const answer = said(worker, text);
    worker.send(what);
    return answer;
  };
  const seen = { all: [await scrape(), await scrape()] };
  await ask(workers[3], 'hang', 'hangs');
  seen.hanging = await scrape();
  seen.hangingStill = await scrape();
  workers[3].process.kill('SIGKILL');
  await once(workers[3], 'exit');
  const hangs = ask(workers[1], 'hang at the request', 'hangs');
  const summed = scrape();
  await hangs;
  workers[1].process.kill('SIGKILL');
  seen.killed = await summed;
  await ask(workers[0], 'shut down', 'is down');
  seen.down = await scrape();
  workers[0].process.kill('SIGKILL');
  await once(workers[0], 'exit');
  await ask(workers[2], 'count', 'has counted');
  workers[2].disconnect();
  await once(workers[2], 'exit');
  seen.disconnected = await scrape();
  await once(cluster.fork({ JOBS: 'none' }), 'online');
  seen.ended = await scrape();
  seen.endedStill = await scrape();
  console.log(JSON.stringify(seen));
  await page.close();
  for (const each of Object.values(cluster.workers)) each.process.kill('SIGKILL');
  await Promise.all(Object.values(cluster.workers).map((each) => once(each, 'exit')));
  process.exit();
}

async function worker(jobs) {
  const rack = { name: 'rack', isConstant: true, fields: () => ({ rack: 'r7' }) };
  const telemetry = await startTelemetry({ otlp: false, metricsPage: false, log: { level: 'silent' }, enrichers: [rack] });
  const meter = api.metrics.getMeter('app');
  const counter = meter.createCounter('jobs');
  counter.add(jobs);
  meter.createGauge('load').record(jobs);
  meter.createUpDownCounter('busy').add(1);
  meter.createHistogram('took', { advice: { explicitBucketBoundaries: [1] } }).record(1);
  const hang = () => {
    process.send('hangs');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000);
  };
  process.on('message', async (message) => {
    if (message === 'hang') hang();
    // Its own listener comes after that of the telemetry, whose answer comes later still.
    if (message === 'hang at the request') process.on('message', hang);
    if (message === 'count') {
      counter.add(7);
      process.send('has counted');
    }
    if (message !== 'shut down') return;
    counter.add(50);
    await telemetry.shutdown();
    process.send('is down');
  });
  process.send('ready');
}
`;

it('one page has the sums of all workers, waits once for one that hangs, and keeps the counters of those that end', {
  timeout: 90_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  const file = join(folder, 'program.mjs');
  writeFileSync(file, program);
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 80_000 });
  rmSync(folder, { recursive: true });
  const seen = JSON.parse(stdout);
  const all = {
    status: 200,
    jobs: [1000],
    loads: [100, 200, 300, 400],
    took: [4],
    inFlight: [4],
    unanswered: [0],
    hasFields: true,
  };
  const quick = { isQuick: true, hasWaited: false };
  expect(seen).toMatchObject({
    all: [all, all],
    // Its counters stay at the latest answer: a sum that falls and returns would count twice.
    hanging: { ...all, loads: [100, 200, 400], inFlight: [3], unanswered: [1], isQuick: true, hasWaited: true },
    hangingStill: { ...all, loads: [100, 200, 400], inFlight: [3], unanswered: [2], ...quick },
    killed: { ...all, loads: [100, 200], inFlight: [2], unanswered: [2], ...quick },
    down: { ...all, jobs: [1050], loads: [200], inFlight: [1], unanswered: [2], ...quick },
    disconnected: { ...all, jobs: [1057], loads: [], inFlight: [], unanswered: [2], ...quick },
    // A worker without telemetry is waited for once.
    ended: { ...all, jobs: [1057], loads: [], inFlight: [], unanswered: [3], hasWaited: true },
    endedStill: { ...all, jobs: [1057], loads: [], inFlight: [], unanswered: [3], ...quick },
  });
});

/** The page of a primary without workers. */
async function scrape({ metricsUrl = '', close }: ClusterMetrics, headers = {}) {
  const response = await fetch(metricsUrl, { headers });
  const text = await response.text();
  await close();
  return { status: response.status, text };
}
const free = { OTEL_EXPORTER_PROMETHEUS_PORT: '0' };

it('takes token, port, environment and name of the service from the variables of startTelemetry()', async () => {
  const env = { ...free, TELEMETRY_METRICS_TOKEN: 'abc123', TELEMETRY_ENVIRONMENT: 'test', OTEL_SERVICE_NAME: 'shop' };
  const refused = await scrape(await clusterMetrics({ env }));
  expect([refused.status, refused.text]).toEqual([401, expect.not.stringContaining('target_info')]);
  const { status, text } = await scrape(await clusterMetrics({ env }), { authorization: 'Bearer abc123' });
  expect(status).toBe(200);
  expect(text).toMatch(/^target_info\{.*service_name="shop".*\} 1$/m);
  expect(text).toMatch(/^benchlab_cluster_unanswered_total\{environment="test"\} 0$/m);
  const { text: own } = await scrape(await clusterMetrics({ env: free, serviceName: 'till', environment: 'own' }));
  expect(own).toMatch(/^target_info\{.*service_name="till".*\} 1$/m);
  expect(own).toMatch(/^benchlab_cluster_unanswered_total\{environment="own"\} 0$/m);
});

it.each([{ OTEL_SDK_DISABLED: 'true' }, { OTEL_METRICS_EXPORTER: 'otlp' }])('serves no page with %o', async (env) => {
  const page = await clusterMetrics({ port: 0, env });
  expect(page.metricsUrl).toBeUndefined();
  await page.close();
});

it.each([
  [{ port: -1 }, 'port'],
  [{ host: '' }, 'host'],
  [{ env: { OTEL_EXPORTER_PROMETHEUS_PORT: 'x' } }, 'OTEL_EXPORTER_PROMETHEUS_PORT'],
  [{ port: 0, env: { TELEMETRY_METRICS_TOKEN_FILE: '/not/there' } }, 'TELEMETRY_METRICS_TOKEN_FILE'],
])('refuses %o by the name that was written: %s', async (options, option) => {
  await expect(clusterMetrics(options)).rejects.toMatchObject({ code: 'BAD_OPTION', option });
});

it.each([
  [(port: number) => ({ port }), 'set by port'],
  [(port: number) => ({ env: { OTEL_EXPORTER_PROMETHEUS_PORT: `${port}` } }), 'set by OTEL_EXPORTER_PROMETHEUS_PORT'],
])('a port in use is named with where it is set: %#', async (options, from) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const failed = clusterMetrics(options(port));
  await expect(failed).rejects.toMatchObject({ code: 'PORT_IN_USE' });
  await expect(failed).rejects.toThrow(
    `is in use (${from}). Stop the process that uses it, or set another port by port, OTEL_EXPORTER_PROMETHEUS_PORT or PROMETHEUS_PORT`,
  );
  server.close();
});
