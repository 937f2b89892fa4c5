// The blocks of Prometheus that every query of dashboards and rules is executed on: the generated data of
// monitoring/src/dataSet, a week of it, through promtool. They are made once and kept until the generator changes.
//   node scripts/data-set.mjs       make them, print the folder and the last instant of the data
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { binary } from './stack-parts.mjs';
import { root } from './workspaces.mjs';

const cache = join(root, 'node_modules/.cache/benchlab-data-set');
const ruleFolder = join(root, 'collector-config/prometheus/rules');
const recordStepSeconds = 60;
const readyLimitMs = 30_000;

/** The folder of the blocks, made if it is not there. Prometheus writes into what it opens: give it a copy. */
export async function dataSetFolder() {
  const dataSet = await import(pathToFileURL(join(root, 'monitoring/dist/dataSet/index.js')));
  const { blocks, dataSeries, openMetrics } = dataSet;
  const folder = join(cache, dataSetKey());
  if (existsSync(folder)) return folder;
  rmSync(cache, { recursive: true, force: true });
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const series = dataSeries();
  const queue = [...blocks()];
  const worker = async () => {
    for (let block = queue.pop(); block !== undefined; block = queue.pop()) {
      await makeBlock(openMetrics(series, block), join(unfinished, `${block[0]}.om`), unfinished);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  await recordRules(unfinished, dataSet.recordedBlocks(), dataSet.headOf);
  // Two runs at the same time: the second one's work is thrown away.
  if (existsSync(folder)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, folder);
  return folder;
}

/** One file for each block: promtool reads its whole input again for each block that is in it. */
export async function makeBlock(lines, file, folder) {
  const out = createWriteStream(file);
  for (const text of lines) if (!out.write(text)) await once(out, 'drain');
  out.end();
  await once(out, 'close');
  await promtool(['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, folder]);
  rmSync(file);
}

/** What Prometheus would have recorded in the blocks that have recorded series. */
export async function recordRules(folder, blocks, headOf) {
  const rules = recordingRules();
  const isOfRecorded = ({ expr }) => rules.some(({ record }) => String(expr).includes(record));
  // Those of recorded series last: these are there only then.
  await recordSome(
    folder,
    blocks,
    headOf,
    rules.filter((rule) => !isOfRecorded(rule)),
  );
  await recordSome(folder, blocks, headOf, rules.filter(isOfRecorded));
}

async function recordSome(folder, blocks, headOf, rules) {
  const written = blocks.map((block) => ({ ...block, samples: [] }));
  const server = await startOn(folder);
  try {
    for (const { record, expr, labels = {} } of rules) {
      for (const { start, end, samples } of written.filter(({ series }) => series.test(record))) {
        const query = { query: String(expr), start, end: end - 1, step: recordStepSeconds };
        const response = await fetch(`${server.url}/api/v1/query_range?${new URLSearchParams(query)}`);
        const { data, error } = await response.json();
        if (error !== undefined) throw new Error(`${record}: ${error}`);
        for (const { metric, values } of data.result) {
          const { __name__: _, ...own } = metric;
          const head = headOf(record, { ...own, ...labels });
          for (const [time, value] of values) samples.push({ time, line: `${head} ${value} ${time}\n` });
        }
      }
    }
  } finally {
    await server.stop();
  }
  removeRuntimeFiles(folder);
  for (const { samples } of written.filter(({ samples }) => samples.length > 0)) {
    const lines = samples.sort((a, b) => a.time - b.time).map(({ line }) => line);
    await makeBlock([...lines, '# EOF\n'], join(folder, 'recorded.om'), folder);
  }
}

/** What Prometheus writes while it runs is no part of the data. */
export function removeRuntimeFiles(folder) {
  for (const name of ['wal', 'chunks_head', 'queries.active', 'lock']) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Every recording rule of ours: `record`, `expr`, `labels`. */
export function recordingRules() {
  return readdirSync(ruleFolder)
    .sort()
    .flatMap((name) => parse(readFileSync(join(ruleFolder, name), 'utf8')).groups)
    .flatMap((group) => group.rules.filter(({ record }) => record !== undefined));
}

/** Flags of a Prometheus on generated blocks: it keeps old ones, and does not spend its time on making them larger. */
export const dataSetFlags = [
  '--storage.tsdb.retention.time=100y',
  '--storage.tsdb.min-block-duration=2h',
  '--storage.tsdb.max-block-duration=2h',
];

/** Prometheus on a folder of blocks, which scrapes nothing. It writes into the folder. */
export async function startOn(folder, more = []) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, 'global: {}\n');
  const flags = [`--config.file=${config}`, `--storage.tsdb.path=${folder}`, `--web.listen-address=127.0.0.1:${port}`];
  const child = spawn(binary('prometheus'), [...flags, ...dataSetFlags, ...more, '--log.level=error'], {
    stdio: 'ignore',
  });
  const closed = once(child, 'close');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    child.kill('SIGTERM');
    await closed;
    process.off('exit', kill);
    rmSync(config, { force: true });
  };
  const deadline = Date.now() + readyLimitMs;
  for (;;) {
    const isReady = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return { url, stop };
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`Prometheus does not start on ${folder}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function freePort() {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address();
  holder.close();
  await once(holder, 'close');
  return port;
}

async function promtool(args) {
  const child = spawn(binary('promtool'), args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`promtool ${args.slice(0, 3).join(' ')} failed: ${errors.trim()}`);
}

/** Everything that changes the blocks: the generator, the registry, the list of foreign series, the rules, and promtool. */
export function dataSetKey() {
  const hash = createHash('sha256')
    .update(binary('promtool'))
    .update(readFileSync(fileURLToPath(import.meta.url)));
  const folders = ['monitoring/dist/dataSet', 'packages/core/dist/registry', 'packages/presets/dist/registry'];
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true }).sort()) {
      if (name.endsWith('.js')) hash.update(readFileSync(join(root, folder, name)));
    }
  }
  return (
    hash
      .update(readFileSync(join(root, 'monitoring/foreign-series.json')))
      // What the rules record is in the blocks too.
      .update(JSON.stringify(recordingRules()))
      .digest('hex')
      .slice(0, 16)
  );
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const started = Date.now();
  const folder = await dataSetFolder();
  const { dataEnd, dataSeries } = await import(pathToFileURL(join(root, 'monitoring/dist/dataSet/index.js')));
  console.log(`${folder}: ${dataSeries().length} series until ${new Date(dataEnd * 1000).toISOString()}`);
  console.log(`${((Date.now() - started) / 1000).toFixed(1)} s`);
}
