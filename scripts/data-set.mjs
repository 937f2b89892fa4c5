// The blocks of Prometheus that every query of dashboards and rules is executed on: the generated data of
// monitoring/src/dataSet, a week of it, through promtool. They are made once and kept until the generator changes.
//   node scripts/data-set.mjs       make them, print the folder and the last instant of the data
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { binary } from './stack-parts.mjs';
import { root } from './workspaces.mjs';

const cache = join(root, 'node_modules/.cache/benchlab-data-set');

/** The folder of the blocks, made if it is not there. Prometheus writes into what it opens: give it a copy. */
export async function dataSetFolder() {
  const { blocks, dataSeries, openMetrics } = await import(
    pathToFileURL(join(root, 'monitoring/dist/dataSet/index.js'))
  );
  const folder = join(cache, keyOf());
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
  // Two runs at the same time: the second one's work is thrown away.
  if (existsSync(folder)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, folder);
  return folder;
}

/** One file for each block: promtool reads its whole input again for each block that is in it. */
async function makeBlock(lines, file, folder) {
  const out = createWriteStream(file);
  for (const text of lines) if (!out.write(text)) await once(out, 'drain');
  out.end();
  await once(out, 'close');
  await promtool(['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, folder]);
  rmSync(file);
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

/** Everything that changes the blocks: the generator, the registry, the list of foreign series, and promtool. */
function keyOf() {
  const hash = createHash('sha256').update(binary('promtool'));
  const folders = ['monitoring/dist/dataSet', 'packages/core/dist/registry', 'packages/presets/dist/registry'];
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true }).sort()) {
      if (name.endsWith('.js')) hash.update(readFileSync(join(root, folder, name)));
    }
  }
  return hash
    .update(readFileSync(join(root, 'monitoring/foreign-series.json')))
    .digest('hex')
    .slice(0, 16);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const started = Date.now();
  const folder = await dataSetFolder();
  const { dataEnd, dataSeries } = await import(pathToFileURL(join(root, 'monitoring/dist/dataSet/index.js')));
  console.log(`${folder}: ${dataSeries().length} series until ${new Date(dataEnd * 1000).toISOString()}`);
  console.log(`${((Date.now() - started) / 1000).toFixed(1)} s`);
}
