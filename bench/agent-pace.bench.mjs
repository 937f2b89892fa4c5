// How an agent keeps time: from its start to its first sample; 100 polls a second beside the library of the vendor, in the
// same seconds on a board of its own; and the gap that a reload leaves in the samples of a board that stays, beside the
// longest gap of the same seconds without a reload. Boards are emulated on pseudo-terminals by processes of their own.
//
// The library of the vendor is there after `npm run stack:install`. Without it the other figures are measured.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { agentReceiver } from '../packages/wire/dist/index.js';

const starts = 7;
const seconds = Number(process.env.AGENT_BENCH_SECONDS ?? 20);
const rateHz = 100;
const reloads = 5;
/** Of the missed ticks and of the start, as they are promised. */
const limits = { 'missed, %': 0.5, 'first sample, s': 1.5 };

const here = fileURLToPath(new URL('..', import.meta.url));
const probe = join(here, 'packages/probe-cli/bin/benchlab-probe.mjs');
const python = join(here, '.stack/venv/bin/python');
const folder = mkdtempSync(join(tmpdir(), 'benchlab-pace-'));
const [socket, config] = [join(folder, 'agent.sock'), join(folder, 'config.toml')];
const children = [];

try {
  const boards = [await board(1), await board(2)];
  const firsts = [];
  for (let k = 0; k < starts; k++) firsts.push(await firstSample(boards[0]));
  firsts.sort((a, b) => a - b);
  const first = firsts[starts >> 1];
  console.log(
    `\nagent: from its start to its first sample: median ${first.toFixed(2)} s of ${starts}, at most ${firsts.at(-1).toFixed(2)} s; the limit is ${limits['first sample, s']} s.`,
  );
  const { ours, theirs, gaps } = await pace(boards);
  console.log(
    `agent: ${ours.hz.toFixed(1)} polls a second of ${rateHz}, ${ours.missed.toFixed(2)} % missed ticks in ${seconds} s; the limit is ${limits['missed, %']} %.`,
  );
  console.log(
    theirs === undefined
      ? 'The library of the vendor is not installed: npm run stack:install'
      : `The library of the vendor in the same seconds: ${theirs.toFixed(1)} reads a second.`,
  );
  console.log(
    `agent: longest gap of a board that stays, over ${reloads} reloads: ${gaps.reload.toFixed(1)} ms; without a reload, in as long a time: ${gaps.quiet.toFixed(1)} ms.`,
  );
} finally {
  for (const child of children) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

function start(program, args, stdio = ['ignore', 'pipe', 'inherit']) {
  const child = spawn(program, args, { stdio });
  children.push(child);
  return child;
}

async function board(serial) {
  const link = join(folder, `board${serial}`);
  const child = start(process.execPath, [probe, 'emulate', '--serial', `${serial}`, '--link', link]);
  await once(child.stdout, 'data');
  return link;
}

function configure(port, sources) {
  const list = JSON.stringify(sources);
  writeFileSync(
    config,
    `[agent]\nsources = ${list}\n[benchlab]\ndevice = "${port}"\nrate_hz = ${rateHz}\ndither = false\n`,
  );
}

function agent() {
  return start(process.execPath, [probe, 'agent', '--config', config, '--socket', socket, '--metrics-port', '0']);
}

/** Seconds from the start of the process to the line that states that the board is read. */
async function firstSample(port) {
  configure(port, ['benchlab']);
  const startedMs = performance.now();
  const child = agent();
  await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (bytes) => {
      text += bytes;
      if (/is read/.test(text)) resolve();
    });
    child.once('exit', () => reject(new Error(`The agent ended: ${text}`)));
  });
  const tookMs = performance.now() - startedMs;
  child.kill('SIGTERM');
  await once(child, 'exit');
  return tookMs / 1000;
}

async function pace([port, other]) {
  configure(port, ['benchlab']);
  const child = agent();
  child.stdout.resume();
  const bus = agentReceiver({ path: socket });
  const seen = { times: [], missed: 0 };
  await sleep(3_000);
  await bus.start({
    // Of the board alone: the samples of the host would hide a gap.
    sample: ({ source, timeNs }) => {
      if (source.id !== 'host') seen.times.push(timeNs);
    },
    lost() {},
    polled: ({ receiver, missed }) => {
      if (receiver === 'benchlab') seen.missed += missed;
    },
  });
  await sleep(1_000);
  const vendor = existsSync(python) ? vendorReads(other) : undefined;
  seen.times = [];
  seen.missed = 0;
  await sleep(seconds * 1000);
  const { times, missed } = seen;
  const ours = {
    hz: (times.length - 1) / ((times.at(-1) - times[0]) / 1e9),
    missed: (100 * missed) / (times.length + missed),
  };
  const theirs = vendor === undefined ? undefined : (await vendor) / seconds;

  // As long with reloads as without, in turns: the load of the machine goes up and down.
  const gaps = { reload: 0, quiet: 0 };
  for (let k = 0; k < reloads * 2; k++) {
    seen.times = [];
    if (k % 2 === 0) {
      configure(port, k % 4 === 0 ? ['benchlab', 'host'] : ['benchlab']);
      child.kill('SIGHUP');
    }
    await sleep(2_000);
    const kind = k % 2 === 0 ? 'reload' : 'quiet';
    gaps[kind] = Math.max(gaps[kind], longestMs(seen.times));
  }
  await bus.stop();
  return { ours, theirs, gaps };
}

function longestMs(times) {
  return Math.max(...times.slice(1).map((time, k) => (time - times[k]) / 1e6));
}

async function vendorReads(port) {
  const child = start(python, [join(here, 'test/stack/vendor_library.py')], ['pipe', 'pipe', 'ignore']);
  child.stdin.end(`${JSON.stringify(['read_for', [port, seconds]])}\n`);
  let text = '';
  for await (const bytes of child.stdout) text += bytes;
  const { answer, error } = JSON.parse(text);
  if (answer === undefined) throw new Error(error);
  return answer;
}
