// What an agent costs that reads a BENCHLAB 2 at 10 Hz (more than 64 sensors) and serves it on the sample bus: its memory
// over that of a Node process that does nothing, and its share of one core. The board is emulated in a process of its
// own, on a pseudo-terminal; so are the readers. Nothing is compared with a peer: these are two limits to stay below.
//
// Memory is VmRSS, and processor time utime + stime of all threads, both as the kernel tells them in /proc.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SECONDS = Number(process.env.AGENT_BENCH_SECONDS ?? 30);
const LIMITS = { 'MiB over Node': 64, '% of a core': 2 };
/** USER_HZ, in which /proc/PID/stat counts on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const probe = fileURLToPath(new URL('../packages/probe-cli/bin/benchlab-probe.mjs', import.meta.url));

if (process.argv[2] === 'readers') await readBus(process.argv[3], Number(process.argv[4]));
else await measure();

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-bench-'));
  const [board, socket] = [join(folder, 'board'), join(folder, 'agent.sock')];
  const children = [];
  const start = (...args) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  };
  try {
    const idle = start('-e', 'console.log("ready"); setInterval(() => {}, 60_000)');
    await said(idle, /ready/);
    await said(start(probe, 'emulate', '--product', 'bl2', '--link', board), /emulated/);
    const rows = [];
    for (const [variant, ...flags] of [
      ['the board', '--no-host', '--no-nvml'],
      ['board and host', '--no-nvml'],
    ]) {
      const agent = start(
        probe,
        'agent',
        '--port',
        board,
        '--rate',
        '10',
        '--metrics-port',
        '0',
        '--socket',
        socket,
        ...flags,
      );
      await said(agent, /BENCHLAB 2.* is read/);
      for (const readers of [0, 1, 50]) rows.push(await window(variant, agent, idle, readers, start, socket));
      agent.kill('SIGTERM');
      await once(agent, 'exit');
    }
    console.log(`\nagent, 10 Hz, ${SECONDS} s each; idle Node ${mebibytes(idle)} MiB`);
    console.table(rows);
    const worst = Object.keys(LIMITS).filter((key) => rows.some((row) => row[key] > LIMITS[key]));
    for (const key of worst) console.log(`Over its limit of ${LIMITS[key]}: ${key}.`);
    process.exitCode = worst.length === 0 ? 0 : 1;
  } finally {
    for (const child of children) child.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function window(variant, agent, idle, readers, start, socket) {
  const reading = readers === 0 ? undefined : start(process.argv[1], 'readers', socket, String(readers));
  if (reading !== undefined) await said(reading, /reading/);
  await sleep(3000);
  const [ticks, startedMs] = [ticksOf(agent), performance.now()];
  await sleep(SECONDS * 1000);
  const seconds = (performance.now() - startedMs) / 1000;
  const share = (ticksOf(agent) - ticks) / TICKS_PER_SECOND / seconds;
  const row = {
    reads: variant,
    readers,
    'RSS, MiB': mebibytes(agent),
    'MiB over Node': Number((mebibytes(agent) - mebibytes(idle)).toFixed(1)),
    '% of a core': Number((100 * share).toFixed(2)),
  };
  if (reading === undefined) return row;
  const counted = said(reading, /\{.*\}/);
  reading.kill('SIGTERM');
  const { samples, sensors, bytes } = JSON.parse((await counted)[0]);
  const perReader = samples / readers;
  return { ...row, sensors, 'samples each': Math.round(perReader), 'bytes each': Math.round(bytes / readers) };
}

/** Reads the bus over `readers` connections until it is told to end, and prints what came. */
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
