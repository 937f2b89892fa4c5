// What an agent costs that reads a board at 10 Hz and serves it on the sample bus: its memory over that of a Node process
// that does nothing, and its share of one core, with no, one, ten and 50 readers. Boards are emulated on pseudo-terminals by
// processes of their own; readers are a process of their own too.
//
// Beside it, in the same seconds and on a board of its own, runs the least that a Node process can do to read a board:
// `serialport` alone, one byte out and one reply in at 10 Hz, nothing decoded. What the agent takes more than that is ours.
//
// With `--against CHECKOUT` (compare.mjs) the agent of that checkout runs next to it too, with the same readers.
//
// Memory is VmRSS, and processor time utime + stime of all threads, both as the kernel tells them in /proc. An agent runs
// for 20 seconds before it is measured: by then V8 has collected the garbage of its start.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SerialPort } from 'serialport';

const warmMs = 20_000;
const measuredSeconds = Number(process.env.AGENT_BENCH_SECONDS ?? 30);
const limits = { 'MiB over Node': 64, '% of a core': 2 };
/** Most of what `serialport` alone takes, with ten readers of the bus. */
const [ratioLimit, ratioReaders] = [2.5, 10];
/** USER_HZ, in which /proc/PID/stat counts on every Linux that Node runs on. */
const ticksPerSecond = 100;
/** The request of every firmware (packages/hw-receivers/src/benchlab/contract/data/benchlab-contracts.json). */
const readSensors = Buffer.of(0x01);
const probeOf = (checkout) => join(checkout, 'packages/probe-cli/bin/benchlab-probe.mjs');
const here = fileURLToPath(new URL('..', import.meta.url));
const before = process.env.BENCH_AGAINST;
/** The host is read in a thread of its own: once without it, so that the board alone is seen. */
const cases = [
  { product: 'original', options: ['--no-host', '--no-nvml'], readerCounts: [0, 1, 10, 50] },
  { product: 'bl2', options: ['--no-host', '--no-nvml'], readerCounts: [0, 1, 10, 50] },
  { product: 'bl2', host: 'read', options: ['--no-nvml'], readerCounts: [0] },
];

const [, script, role, ...rest] = process.argv;
if (role === 'readers') await readBus(rest[0], Number(rest[1]));
else if (role === 'bare') readBare(rest[0]);
else await measure();

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-bench-'));
  const children = [];
  const start = (...args) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  };
  try {
    const idle = start('-e', 'console.log("ready"); setInterval(() => {}, 60_000)');
    await said(idle, /ready/);
    const rows = [];
    for (const each of cases) rows.push(...(await measureCase(each, folder, idle, start)));
    console.log(`\nagent, 10 Hz, ${measuredSeconds} s each; an idle Node has ${mebibytes(idle)} MiB`);
    console.table(rows);
    for (const [key, limit] of Object.entries(limits)) {
      const worst = Math.max(...rows.filter(({ build }) => build !== 'before').map((row) => row[key]));
      console.log(`${key}: ${worst} at most; the limit is ${limit}.`);
    }
    const ratios = rows
      .filter(({ readers, build }) => readers === ratioReaders && build !== 'before')
      .map(({ ratio }) => ratio);
    console.log(
      `CPU with ${ratioReaders} readers: ${Math.max(...ratios)} times that of serialport alone at most; the limit is ${ratioLimit}.`,
    );
  } finally {
    for (const child of children) child.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureCase({ product, host = '', options, readerCounts }, folder, idle, start) {
  const id = `${product}${host}`;
  const serials = { now: 1, bare: 2, before: 3 };
  const board = async (of) => {
    const link = join(folder, `${id}.${of}`);
    await said(
      start(probeOf(here), 'emulate', '--product', product, '--serial', `${serials[of]}`, '--link', link),
      /emulated/,
    );
    return link;
  };
  const agentOf = async (build, checkout) => {
    const socket = join(folder, `${id}.${build}.sock`);
    const args = ['--port', await board(build), '--socket', socket, '--rate', '10', '--metrics-port', '0', ...options];
    const child = start(probeOf(checkout), 'agent', ...args);
    await said(child, /BENCHLAB.* is read/);
    return { build, child, socket };
  };
  const bare = start(script, 'bare', await board('bare'));
  await said(bare, /reading/);
  const agents = [await agentOf('now', here), ...(before ? [await agentOf('before', before)] : [])];
  await sleep(warmMs);
  const rows = [];
  for (const readers of readerCounts) {
    const reading = readers === 0 ? [] : agents.map(({ socket }) => start(script, 'readers', socket, `${readers}`));
    for (const each of reading) await said(each, /reading/);
    const usage = await usageOf([bare, ...agents.map(({ child }) => child)]);
    for (const [k, { build, child }] of agents.entries()) {
      rows.push({
        board: product,
        host,
        ...(before && { build }),
        readers,
        'RSS, MiB': mebibytes(child),
        'MiB over Node': Number((mebibytes(child) - mebibytes(idle)).toFixed(1)),
        '% of a core': usage[k + 1],
        'serialport alone': usage[0],
        ratio: Number((usage[k + 1] / usage[0]).toFixed(2)),
        ...(reading[k] && (await heardBy(reading[k], readers))),
      });
    }
  }
  for (const child of [bare, ...agents.map(({ child }) => child)]) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  return rows;
}

/** Percent of one core that each takes, in the same seconds. */
async function usageOf(children) {
  const [before, startedMs] = [children.map(ticksOf), performance.now()];
  await sleep(measuredSeconds * 1000);
  const seconds = (performance.now() - startedMs) / 1000;
  return children.map((child, k) => {
    const share = (ticksOf(child) - before[k]) / ticksPerSecond / seconds;
    return Number((100 * share).toFixed(2));
  });
}

async function heardBy(reading, readers) {
  const counted = said(reading, /\{.*\}/);
  reading.kill('SIGTERM');
  const { samples, sensors, bytes } = JSON.parse((await counted)[0]);
  return { sensors, 'samples each': Math.round(samples / readers), 'bytes a sample': Math.round(bytes / samples) };
}

/** Polls a board as the agent does, and does nothing with the replies. */
function readBare(path) {
  const port = new SerialPort({ path, baudRate: 115_200 });
  port.on('data', () => {});
  port.on('open', () => {
    console.log('reading');
    let dueMs = performance.now();
    const poll = () => {
      port.flush(() => port.write(readSensors));
      dueMs += 100;
      setTimeout(poll, dueMs - performance.now());
    };
    poll();
  });
}

/** Reads the bus over `readers` connections until it is asked to end, and prints what came. */
async function readBus(path, readers) {
  let [samples, bytes, sensors] = [0, 0, 0];
  for (let k = 0; k < readers; k++) {
    const socket = connect(path);
    let rest = '';
    socket.setEncoding('utf8').on('data', (text) => {
      bytes += text.length;
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const message = JSON.parse(line);
        if (message.kind === 'sample') samples++;
        if (message.kind === 'sample') sensors = Math.max(sensors, message.readings.length / 2);
      }
    });
    await once(socket, 'connect');
  }
  process.on('SIGTERM', () => {
    console.log(JSON.stringify({ samples, bytes, sensors }));
    process.exit();
  });
  console.log('reading');
}

function said(child, pattern) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (bytes) => {
      text += bytes;
      const match = pattern.exec(text);
      if (match) resolve(match);
    });
    child.once('exit', () => reject(new Error(`It ended before it said ${pattern}: ${text}`)));
  });
}

function ticksOf({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  // Fields 14 and 15 of proc(5), counted from 1; the name and what is before it are cut off.
  return Number(fields[11]) + Number(fields[12]);
}

function mebibytes({ pid }) {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number((Number(kilobytes) / 1024).toFixed(1));
}
