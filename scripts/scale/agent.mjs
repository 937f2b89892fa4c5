// Ten minutes of a real agent that records: two boards that are unplugged and plugged in again, a reload each half minute, a
// scrape each second, readers of the bus that come and go, sessions that end. What grows without a bound shows as a difference
// between the third minute and the last.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { emulateBoard } from '../../packages/emulator/dist/index.js';
import { agentReceiver } from '../../packages/wire/dist/index.js';
import { root } from '../workspaces.mjs';
import { ProofFailure } from './failure.mjs';

const minutes = 10;
/** Each minute has two reloads, after which one board, then two boards are read. */
const stepsAMinute = 12;
/** V8 keeps what it may need again; a list of all samples would be 100 MiB. */
const limits = { memoryMib: 24, descriptors: 4, series: 10, linesAMinute: 120 };
/** A machine with other work stands still now and then. What a reload or the end of a session leaves would be there each time. */
const [gapNs, mostGaps] = [1e9, 3];

export const proof = {
  name: 'agent',
  what: `${minutes} minutes of an agent that records, with reloads, re-pluggings, scrapes and readers: memory, descriptors, series and log stay flat, every scrape is answered, and reloads leave no gap in the samples of the board that stays`,
  run,
};

async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'agent-soak-'));
  const [config, socket, link] = ['config.toml', 'agent.sock', 'second'].map((name) => join(folder, name));
  const stays = await emulateBoard({ serial: 1 });
  let comes = await emulateBoard({ serial: 2, link });
  const configure = (ports, hours) =>
    writeFileSync(
      config,
      `[general]\ndata_root = ${JSON.stringify(folder)}\n[agent]\nsources = ["benchlab", "host"]\nsession_hours = ${hours}\n[benchlab]\ndevice = ${JSON.stringify(ports)}\n`,
    );
  configure([stays.path, link], 0.1);
  const bin = join(root, 'packages/probe-cli/bin/benchlab-probe.mjs');
  const args = [bin, 'agent', '--config', config, '--socket', socket, '--metrics-port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let [lines, url] = [0, undefined];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    lines += text.split('\n').length - 1;
    url ??= /"metrics":"([^"]+)"/.exec(text)?.[1];
  });
  const counts = { scrapes: 0, unanswered: 0, reloads: 0, readers: 0 };
  const seen = [];
  try {
    while (url === undefined) await sleep(100);
    const gap = await watchGaps(socket, stays.uid);
    for (let minute = 1; minute <= minutes; minute++) {
      const before = lines;
      let series = 0;
      for (let step = 0; step < stepsAMinute; step++) {
        const reader = connect(socket).resume();
        reader.on('error', () => {});
        counts.readers++;
        if (step === 3 || step === 9) {
          configure(step === 3 ? [stays.path] : [stays.path, link], 0.1);
          child.kill('SIGHUP');
          counts.reloads++;
        }
        if (step === 6) await comes.close();
        if (step === 7) comes = await emulateBoard({ serial: 2, link });
        for (let second = 0; second < 60 / stepsAMinute; second++) {
          const text = await fetch(url).then(
            (answer) => answer.text(),
            () => '',
          );
          counts.scrapes++;
          if (text === '') counts.unanswered++;
          // With both boards, at the end of the minute.
          if (step === stepsAMinute - 1)
            series = text.split('\n').filter((line) => line !== '' && line[0] !== '#').length;
          await sleep(1000);
        }
        reader.destroy();
      }
      seen.push({ ...usageOf(child.pid), series, lines: lines - before });
    }
    await gap.end();
    child.kill('SIGTERM');
    const stopMs = performance.now();
    const [code] = await ended;
    return judged({
      seen,
      counts,
      code,
      gaps: gap.seen(),
      stopMs: performance.now() - stopMs,
      folder,
    });
  } finally {
    child.kill('SIGKILL');
    await stays.close();
    await comes.close();
    rmSync(folder, { recursive: true });
  }
}

function judged({ seen, counts, code, gaps, stopMs, folder }) {
  // The third minute: by then each kind of minute was there, and the heap has its size.
  const [first, last] = [seen[2], seen.at(-1)];
  const sessions = readdirSync(join(folder, 'sessions'));
  const isOpen = (name) =>
    JSON.parse(readFileSync(join(folder, 'sessions', name, 'session.json'), 'utf8')).closedAt === undefined;
  const figures = {
    ...counts,
    sessions: sessions.length,
    'memory in the third and the last minute, MiB': `${first.mebibytes}, ${last.mebibytes}`,
    'descriptors in the third and the last minute': `${first.descriptors}, ${last.descriptors}`,
    'series in the third and the last minute': `${first.series}, ${last.series}`,
    'most log lines in a minute': Math.max(...seen.map((each) => each.lines)),
    'samples of the board that stays': gaps.samples,
    'its gaps of more than a second': gaps.count,
    'its longest gap, ms': Math.round(gaps.longestNs / 1e6),
    'stop, ms': Math.round(stopMs),
  };
  const faults = [
    [counts.unanswered > 0, `${counts.unanswered} scrapes were not answered`],
    [last.mebibytes - first.mebibytes > limits.memoryMib, 'memory grows'],
    [last.descriptors - first.descriptors > limits.descriptors, 'descriptors grow'],
    [last.series - first.series > limits.series, 'the number of series grows'],
    [Math.max(...seen.map((each) => each.lines)) > limits.linesAMinute, 'the log grows too fast'],
    [gaps.count > mostGaps || gaps.samples < minutes * 300, 'the board that stays has gaps'],
    [stopMs > 5_000 || code !== 0, `it ended with ${code} after ${Math.round(stopMs)} ms`],
    [sessions.length < 2 || sessions.some(isOpen), 'a session is missing or open'],
  ].filter(([isWrong]) => isWrong);
  if (faults.length > 0) throw new ProofFailure(faults.map(([, words]) => words).join('; '), figures);
  return figures;
}

/** Gaps between the samples of a board, by their own times. */
async function watchGaps(path, uid) {
  const bus = agentReceiver({ path });
  const seen = { samples: 0, count: 0, longestNs: 0 };
  let latestNs;
  await bus.start({
    sample({ source, timeNs }) {
      if (source.id !== uid) return;
      const passedNs = timeNs - (latestNs ?? timeNs);
      latestNs = timeNs;
      seen.samples++;
      if (passedNs > gapNs) seen.count++;
      seen.longestNs = Math.max(seen.longestNs, passedNs);
    },
    lost() {},
  });
  return { seen: () => seen, end: () => bus.stop() };
}

function usageOf(pid) {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    mebibytes: Math.round(Number(kilobytes) / 1024),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}
