// What `benchlab-probe web` costs, each next to a peer in rounds that alternate.
// Update: the whole page with 54,000 points of two curves, and charts of the same points by ECharts and by Recharts, in tabs of the
// same Chromium: time of the main thread for each update. Fan-out: 60 entries a second to 50 pages, and the same messages sent by a
// bare `ws`, each server in a process of its own: CPU. Rows: `GET /api/live` of 100,000 aligned rows, and a server that reads the file
// for each request.
// ECharts and Recharts are peers of an installation of their own: npm install --prefix bench/peers

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket, WebSocketServer } from 'ws';
import { Dashboard } from '../packages/dashboard/dist/model/index.js';
import { WebServer } from '../packages/dashboard/dist/web/index.js';
import { quantile, round, shuffled } from './interleave.mjs';

const [points, updates, rounds] = [54_000, 20, 5];
const [pages, entriesHz, fanMs] = [50, 60, 5_000];
const [rows, requests] = [100_000, 10];
const own = fileURLToPath(import.meta.url);
const peers = fileURLToPath(new URL('./peers/node_modules/', import.meta.url));
const pageFolder = fileURLToPath(new URL('../packages/dashboard/dist/page', import.meta.url));
const theme = JSON.parse(
  readFileSync(new URL('../packages/dashboard/assets/dashboards/themes/dark.json', import.meta.url), 'utf8'),
);

async function compare() {
  await compareUpdates();
  await compareFanOut();
  await compareRows();
}

/** A server of the page, and what feeds it. */
async function served(dashboard = new Dashboard()) {
  let sink;
  const input = {
    name: 'in',
    node: 'local',
    start: async (given) => {
      sink = given;
    },
    stop: async () => undefined,
  };
  const server = new WebServer({
    ...{ host: '127.0.0.1', port: 0, dashboard, inputs: [input], pageFolder, nowMs: Date.now },
    ...{ setup: { themes: [theme], theme: 'dark', baselines: [] }, report: () => undefined },
  });
  return { url: await server.start(), take: (fact) => sink.fact(fact), stop: () => server.stop() };
}

const latency = (timeMs, at) => ({
  ...{ kind: 'latency', node: 'local', from: 'ingress', to: 'encoded', isExact: true },
  ...{ timeMs, latencyMs: 8 + 3 * Math.sin(at / 300) + (at % 7) },
});
const power = (timeMs, at) => ({ kind: 'power', node: 'local', source: 'board', timeMs, watts: 240 + (at % 9) });

// Updates of a page

async function compareUpdates() {
  const { chromium } = await import('playwright-core');
  const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
  if (program === undefined) {
    console.log('Updates are not measured: Chromium is missing (apt-get install chromium).');
    return;
  }
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  const page = await served();
  const startMs = Date.now() - 880_000;
  for (let at = 0; at < points / 2; at++) {
    const timeMs = startMs + (at * 880_000) / (points / 2);
    page.take(latency(timeMs, at));
    page.take(power(timeMs, at));
  }
  const tabs = { page: await pageTab(browser, page) };
  for (const name of ['echarts', 'recharts']) {
    if (existsSync(join(peers, name))) tabs[name] = await chartTab(browser, name);
    else console.log(`${name} is not installed: npm install --prefix bench/peers`);
  }
  const names = Object.keys(tabs);
  const ms = Object.fromEntries(names.map((name) => [name, []]));
  for (let each = 0; each < rounds; each++) for (const name of shuffled(names)) ms[name].push(await tabs[name]());
  await browser.close();
  await page.stop();
  console.log(
    `\nan update with ${points.toLocaleString('en')} points, ms of the main thread, ${rounds} rounds of ${updates}`,
  );
  console.table(
    names.map((name) => ({
      variant: name,
      ms: round(quantile(ms[name], 0.5)),
      'page, as a ratio': round(
        quantile(
          ms.page.map((own, at) => own / ms[name][at]),
          0.5,
        ),
      ),
    })),
  );
}

/** The real page. Each call feeds it for some updates, and gives the time of one. */
async function pageTab(browser, server) {
  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await tab.addInitScript(() => {
    window.updates = 0;
    const { clearRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...area) {
      if (this.canvas.closest('.main-chart') !== null) window.updates++;
      return clearRect.apply(this, area);
    };
  });
  await tab.goto(server.url);
  await tab.waitForSelector('.card');
  // The window of 15 minutes.
  await tab.keyboard.press('4');
  await tab.waitForFunction(() => window.updates > 3);
  let at = 0;
  return perUpdate(
    tab,
    () => tab.evaluate(() => window.updates),
    async () => {
      server.take(latency(Date.now(), at++));
      server.take(power(Date.now(), at));
      await new Promise((resolve) => setTimeout(resolve, 16));
    },
  );
}

/** The points of the page, as many in each of two curves, drawn again with one more. */
async function chartTab(browser, name) {
  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await tab.setContent('<div id="chart" style="width:1200px;height:300px"></div>');
  await tab.addScriptTag({ content: await bundle(name) });
  await tab.evaluate((count) => window.start(count), points / 2);
  await tab.waitForTimeout(1_000);
  let done = 0;
  return perUpdate(
    tab,
    async () => done,
    async () => {
      await tab.evaluate(() => window.update());
      done++;
    },
  );
}

/** A function that goes on until the tab was updated some times, and gives the time of its main thread for one. */
async function perUpdate(tab, countOf, next) {
  const session = await tab.context().newCDPSession(tab);
  await session.send('Performance.enable');
  const taskSeconds = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value;
  };
  return async () => {
    await tab.bringToFront();
    const [startedSeconds, startedAt] = [await taskSeconds(), await countOf()];
    let made = 0;
    while (made < updates) {
      await next();
      made = (await countOf()) - startedAt;
    }
    return (((await taskSeconds()) - startedSeconds) * 1000) / made;
  };
}

const sources = {
  echarts: `
    import * as echarts from 'echarts';
    const chart = echarts.init(document.getElementById('chart'), null, { renderer: 'canvas' });
    const axis = (name) => ({ type: 'value', name, scale: true });
    const line = (name, yAxisIndex, data) => ({ name, type: 'line', yAxisIndex, data, showSymbol: false, animation: false, sampling: 'minmax' });
    const draw = (a, b) => chart.setOption({ animation: false, xAxis: { type: 'time' }, yAxis: [axis('ms'), axis('W')], series: [line('latency', 0, a), line('power', 1, b)] });
    run((rows) => draw(rows.map(({ t, ms }) => [t, ms]), rows.map(({ t, w }) => [t, w])));`,
  recharts: `
    import { createElement as h } from 'react';
    import { flushSync } from 'react-dom';
    import { createRoot } from 'react-dom/client';
    import { Line, LineChart, XAxis, YAxis } from 'recharts';
    const root = createRoot(document.getElementById('chart'));
    const line = (dataKey, yAxisId) => h(Line, { dataKey, yAxisId, dot: false, isAnimationActive: false });
    const draw = (data) => flushSync(() => root.render(h(LineChart, { width: 1200, height: 300, data },
      h(XAxis, { dataKey: 't', type: 'number', domain: ['dataMin', 'dataMax'] }), h(YAxis, { yAxisId: 'ms' }),
      h(YAxis, { yAxisId: 'w', orientation: 'right' }), line('ms', 'ms'), line('w', 'w'))));
    run(draw);`,
};

/** One script of a chart: `start(count)` draws it, `update()` moves it on by one row and waits for the painting. */
async function bundle(name) {
  const { build } = await import('vite');
  const folder = mkdtempSync(join(peers, '.bench-'));
  const prelude = `
    let rows = [];
    const row = (at) => ({ t: 1e12 + at * 33, ms: 8 + 3 * Math.sin(at / 300) + (at % 7), w: 240 + (at % 9) });
    const run = (draw) => {
      window.start = (count) => { rows = Array.from({ length: count }, (_, at) => row(at)); draw(rows); };
      window.update = () => new Promise((resolve) => {
        rows = [...rows.slice(1), row(rows.length)];
        draw(rows);
        requestAnimationFrame(() => setTimeout(resolve));
      });
    };`;
  writeFileSync(join(folder, 'main.js'), `${sources[name].replace(/^((?:\s*import .*\n)*)/, `$1${prelude}\n`)}`);
  try {
    const [{ output }] = await build({
      ...{ root: folder, configFile: false, logLevel: 'error', mode: 'production' },
      define: { 'process.env.NODE_ENV': '"production"' },
      build: { write: false, lib: { entry: join(folder, 'main.js'), name: 'bench', formats: ['iife'] } },
    });
    return output[0].code;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// Fan-out

async function compareFanOut() {
  const shares = { 'fan-page': [], 'fan-ws': [] };
  const perMessage = { 'fan-page': [], 'fan-ws': [] };
  for (let each = 0; each < rounds; each++) {
    for (const name of shuffled(Object.keys(shares))) {
      const { cpu, bytes } = await fanRound(name);
      shares[name].push(cpu);
      perMessage[name].push(bytes);
    }
  }
  const [page, ws] = [shares['fan-page'], shares['fan-ws']];
  console.log(
    `\n${entriesHz} entries a second to ${pages} pages, CPU of the server, ${rounds} rounds of ${fanMs / 1000} s`,
  );
  console.table(
    Object.keys(shares).map((name) => ({
      variant: name,
      'of a core': round(quantile(shares[name], 0.5)),
      'kB a page': round(quantile(perMessage[name], 0.5) / 1000),
      'page, as a ratio': round(
        quantile(
          page.map((own, at) => own / (name === 'fan-ws' ? ws : page)[at]),
          0.5,
        ),
      ),
    })),
  );
}

/** One round: the server in a process of its own, and its clients here. */
async function fanRound(name) {
  const child = spawn(process.execPath, [own, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = [];
  let more = () => undefined;
  child.stdout.on('data', (text) => {
    lines.push(...String(text).trim().split('\n'));
    more();
  });
  const line = async (at) => {
    while (lines[at] === undefined) await new Promise((resolve) => (more = resolve));
    return lines[at];
  };
  const url = await line(0);
  let bytes = 0;
  const clients = Array.from({ length: pages }, () => new WebSocket(url));
  for (const client of clients) {
    client.on('message', (data) => {
      bytes += data.length;
    });
  }
  await Promise.all(clients.map((client) => new Promise((resolve) => client.once('open', resolve))));
  child.kill('SIGUSR2');
  const { cpu } = JSON.parse(await line(1));
  for (const client of clients) client.terminate();
  return { cpu, bytes: bytes / pages };
}

/** Prints its address, is measured from SIGUSR2 on, prints what it cost, and ends. */
async function measured(url, tick) {
  console.log(url);
  // The server of the page alone keeps no process alive.
  const alive = setInterval(() => undefined, 1_000);
  await new Promise((resolve) => process.once('SIGUSR2', resolve));
  clearInterval(alive);
  const before = process.cpuUsage();
  const timer = setInterval(tick, 1000 / entriesHz);
  await new Promise((resolve) => setTimeout(resolve, fanMs));
  clearInterval(timer);
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ cpu: (user + system) / 1000 / fanMs }));
  process.exit(0);
}

async function fanOutOfPage() {
  const { url, take } = await served();
  let at = 0;
  await measured(`${url.replace('http', 'ws')}api/stream`, () => take(latency(Date.now(), at++)));
}

/** The messages that the page sends, at its pace: the entries of 50 ms at a time. */
async function fanOutOfWs() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await new Promise((resolve) => server.once('listening', resolve));
  let [at, entries] = [0, []];
  const flush = () => {
    if (entries.length === 0) return;
    const nowMs = Date.now();
    const text = `{"epoch":"0123456789abcdef","first":${at - entries.length + 1},"lost":0,"nowMs":${nowMs},"entries":[${entries.join(',')}]}`;
    for (const client of server.clients) client.send(text, { binary: false });
    entries = [];
  };
  setInterval(flush, 50);
  await measured(`ws://127.0.0.1:${server.address().port}`, () => {
    const nowMs = Date.now();
    entries.push(JSON.stringify({ at: nowMs, input: 0, fact: latency(nowMs, at++) }));
  });
}

// GET /api/live

async function compareRows() {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-web-bench-'));
  const file = join(folder, 'latency.jsonl');
  const startMs = Date.now() - 800_000;
  const page = await served();
  const lines = Array.from({ length: rows }, (_, at) => {
    const fact = latency(startMs + at * 8, at);
    page.take(fact);
    const kv = { lat_ms: fact.latencyMs, pair: [fact.from, fact.to], power_w: 240 };
    return JSON.stringify({ ts_aligned_ns: at * 8e6, source: 'metric.latency', kv });
  });
  writeFileSync(file, `${lines.join('\n')}\n`);
  const reader = createServer((_, response) => {
    const read = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .slice(-300);
    const given = read.map(({ ts_aligned_ns, kv }) => ({
      t: ts_aligned_ns / 1e9,
      lat_ms: kv.lat_ms,
      power_w: kv.power_w,
    }));
    response.end(JSON.stringify({ rows: given }));
  });
  await new Promise((resolve) => reader.listen(0, '127.0.0.1', resolve));
  const urls = { page: `${page.url}api/live`, 'reads the file': `http://127.0.0.1:${reader.address().port}/` };
  const cpu = { page: [], 'reads the file': [] };
  for (let each = 0; each < rounds; each++) {
    for (const name of shuffled(Object.keys(urls))) {
      const before = process.cpuUsage();
      for (let asked = 0; asked < requests; asked++) {
        const { rows: got } = await (await fetch(urls[name])).json();
        if (got.length !== 300) throw new Error(`${name} has ${got.length} rows`);
      }
      const { user, system } = process.cpuUsage(before);
      cpu[name].push((user + system) / 1000 / requests);
    }
  }
  reader.closeAllConnections();
  reader.close();
  await page.stop();
  rmSync(folder, { recursive: true });
  console.log(
    `\nGET /api/live of ${rows.toLocaleString('en')} aligned rows, with its client, ${rounds} rounds of ${requests}`,
  );
  console.table(
    Object.keys(urls).map((name) => ({
      variant: name,
      'ms of CPU': round(quantile(cpu[name], 0.5)),
      'page, as a ratio': round(
        quantile(
          cpu.page.map((own, at) => own / cpu[name][at]),
          0.5,
        ),
      ),
    })),
  );
}

const [variant] = process.argv.slice(2);
if (variant === undefined) await compare();
else if (variant === 'fan-page') await fanOutOfPage();
else await fanOutOfWs();
