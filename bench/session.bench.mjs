// Reading the raw lines of a session, and writing Parquet. Lines: the same file by the reader of this project, by JSON.parse for
// each line, and by a loop of json.loads in Python, one process each, in another order in each round; all pair the frames, and must
// agree on the sum. Once with the lines that the recorder writes, once with the same in another order of keys, which are read by
// JSON.parse. Memory: the greatest resident size of each process. Parquet: a million rows.
//   node bench/session.bench.mjs [lines, default 2,000,000; 11,000,000 are some 1 GB]
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile, shuffled } from './interleave.mjs';
import { report } from './report.mjs';

const lines = Number(process.argv[2] ?? 2_000_000);
const rounds = 5;
const module = (path) => JSON.stringify(new URL(`../packages/${path}`, import.meta.url).href);

const pairing = `const open = new Map(); let [events, sum] = [0, 0];
  const take = (stage, frame, timeNs) => {
    events++;
    if (stage === 'ingress') { open.set(frame, timeNs); return; }
    const first = open.get(frame);
    if (first !== undefined) { open.delete(frame); sum += timeNs - first; }
  };`;
const end = `const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ events, sum, seconds: (user + system) / 1e6, rss: process.resourceUsage().maxRSS / 1024 }));`;
const chunks = `const file = openSync(path); const buffer = Buffer.allocUnsafe(65_536);
  for (let read; (read = readSync(file, buffer, 0, buffer.length, null)) > 0; ) push(buffer.subarray(0, read));`;

/** Each prints the sum of all latencies, its CPU time and its memory. */
const programs = {
  'RawScanner of @benchlab-otel/wire': (path) =>
    node(
      path,
      `const { RawScanner } = await import(${module('wire/dist/index.js')});`,
      `${pairing}
      const scanner = new RawScanner('bench', (read) => { if ('event' in read) take(read.event.stage, read.event.frameId, read.event.timeNs); });
      const push = (chunk) => scanner.push(chunk); ${chunks} scanner.end();`,
    ),
  'JSON.parse a line': (path) =>
    node(
      path,
      '',
      `${pairing} let rest = '';
      const push = (chunk) => {
        const lines = (rest + chunk.toString('latin1')).split('\\n'); rest = lines.pop();
        for (const line of lines) { const { ts_ns, kv } = JSON.parse(line); take(kv.stage, kv.frame_id, ts_ns); }
      }; ${chunks}`,
    ),
  'Python json.loads': (path) => ['python3', '-c', python, path],
};

const python = `import json, resource, sys, time
before = time.process_time(); waiting = {}; events = 0; total = 0
for line in open(sys.argv[1], 'rb'):
    event = json.loads(line); kv = event['kv']; events += 1
    if kv['stage'] == 'ingress': waiting[kv['frame_id']] = event['ts_ns']
    else:
        first = waiting.pop(kv['frame_id'], None)
        if first is not None: total += event['ts_ns'] - first
print(json.dumps({'events': events, 'sum': total, 'seconds': time.process_time() - before, 'rss': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))`;

function node(path, imports, code) {
  const text = `import { openSync, readSync } from 'node:fs'; ${imports} const path = ${JSON.stringify(path)};
    const before = process.cpuUsage(); ${code} ${end}`;
  return [process.execPath, '--input-type=module', '-e', text];
}

const folder = mkdtempSync(join(tmpdir(), 'benchlab-bench-'));
try {
  const own = (time, stage, frame) =>
    `{"ts_ns":${time},"source":"pipeline","kv":{"stage":"${stage}","frame_id":"${frame}"},"cal":{"offset_ns":0,"rtt_ns":0}}\n`;
  const other = (time, stage, frame) =>
    `{"source": "pipeline", "kv": {"frame_id": ${frame}, "stage": "${stage}"}, "ts_ns": ${time}}\n`;
  compareReaders('lines as the recorder writes them', written('own.jsonl', own));
  compareReaders('the same in another order of keys', written('other.jsonl', other));
  parquet();
} finally {
  rmSync(folder, { recursive: true });
}

function written(name, line) {
  const path = join(folder, name);
  const file = openSync(path, 'w');
  let [time, text, state] = [81_234_567_890_123, '', 1];
  for (let frame = 0; frame < lines / 2; frame++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    time += 16_000_000 + (state % 1_000_003);
    text += line(time, 'ingress', frame) + line(time + 4_000_000 + (state % 5_000_011), 'encoded', frame);
    if (text.length > 1e6) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
  return path;
}

function compareReaders(title, path) {
  const results = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of shuffled(Object.keys(programs))) results[name].push(resultOf(programs[name](path)));
  }
  const sums = new Set(Object.values(results).flatMap((each) => each.map(({ events, sum }) => `${events} ${sum}`)));
  if (sums.size !== 1) throw new Error(`The readers do not agree: ${[...sums].join(', ')}`);
  const python = results['Python json.loads'];
  const rows = Object.entries(results).map(([reader, all]) => ({
    reader,
    'M lines/s': (
      lines /
      quantile(
        all.map(({ seconds }) => seconds),
        0.5,
      ) /
      1e6
    ).toFixed(2),
    'of Python': quantile(
      all.map(({ seconds }, round) => python[round].seconds / seconds),
      0.5,
    ).toFixed(2),
    'MB resident': Math.max(...all.map(({ rss }) => rss)).toFixed(0),
  }));
  report(
    `${title}: ${lines} lines, ${(statSync(path).size / 1e6).toFixed(0)} MB, CPU time, median of ${rounds}`,
    rows,
    'of Python',
  );
}

function resultOf([program, ...args]) {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

function parquet() {
  const text = `const { parquetFile } = await import(${module('session/dist/index.js')});
    function* rows() {
      let state = 1; const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
      const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      for (let k = 0, timeNs = 81e12; k < 1e6; k++) {
        timeNs += Math.round(16.667e6 + gauss() * 2e5);
        const latencyMs = Math.round((8 + gauss() * 0.8) * 1e6) / 1e6; const powerWatts = 240 + gauss() * 3;
        yield { timeNs, pair: ['ingress', 'encoded'], latencyMs, uncertaintyMs: 0.02, pairing: 'frame', frameId: String(k), powerWatts,
          powerAgeMs: Math.round(random() * 25e6) / 1e6, energyJoules: (powerWatts * latencyMs) / 1e3 };
      }
    }
    let bytes = 0; const before = process.cpuUsage();
    for await (const chunk of parquetFile(rows(), 'bench')) bytes += chunk.length;
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ bytes, seconds: (user + system) / 1e6, rss: process.resourceUsage().maxRSS / 1024 }));`;
  const { bytes, seconds, rss } = resultOf([process.execPath, '--input-type=module', '-e', text]);
  console.log('\nParquet, 1,000,000 rows');
  console.table([{ MB: (bytes / 1e6).toFixed(1), 's of CPU time': seconds.toFixed(1), 'MB resident': rss.toFixed(0) }]);
}
