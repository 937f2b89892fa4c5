// Proof of the energy estimator: the whole table of simulated benches, as markdown on stdout. Exit code 1 when a cell
// misses its bar. The seeds are fixed, so the table is the same each time.
//
//   node scripts/scale/energy-table.mjs [--runs 1000] [--only TEXT] [--seed 20261130]
//
// --only keeps the cells whose group and name contain TEXT. Needs a build (`npm run build`). All cells with 1,000 runs take
// about 50 minutes of CPU time: 25 minutes on two cores without other load. With far fewer runs a cell may miss its bar by
// chance: at 200 runs a share of 95 % has a standard error of 1.5 points.
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const testing = new URL('../../packages/analysis/dist/energy/estimate/testing/', import.meta.url);
const { cellResult } = await import(new URL('cellResult.js', testing));
const { energyTable } = await import(new URL('energyTable.js', testing));
const { kindsResult } = await import(new URL('kindsResult.js', testing));
const { kindsTable } = await import(new URL('overlappingKinds.js', testing));

const threadCount = 2;
const jobs = [
  ...energyTable().map((entry) => ({ name: `${entry.group}, ${entry.name}`, entry })),
  ...kindsTable().map((kinds) => ({ name: `three kinds, ${kinds.disturbance}, ${kinds.watts}, ${kinds.cpu}`, kinds })),
];

if (isMainThread) await main();
else work();

function work() {
  const { runs, seed } = workerData;
  parentPort.on('message', (job) => {
    const { entry, kinds } = jobs[job];
    const result = entry ? cellResult(entry.cell, runs, seed) : kindsResult(kinds, runs, seed);
    parentPort.postMessage({ job, result });
  });
}

async function main() {
  const { energyTableReport } = await import(new URL('energyTableReport.js', testing));
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000' },
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: '20261130' },
    },
  });
  const runs = Number(values.runs);
  const seed = Number(values.seed);
  if (!(Number.isInteger(runs) && runs > 0))
    throw new RangeError(`--runs: ${values.runs} is not a whole number above 0.`);
  if (!Number.isInteger(seed)) throw new RangeError(`--seed: ${values.seed} is not a whole number.`);
  const wanted = jobs.flatMap(({ name }, job) => (name.includes(values.only) ? [job] : []));
  if (wanted.length === 0) throw new RangeError(`--only: no cell contains ${JSON.stringify(values.only)}.`);

  const started = Date.now();
  const results = await share(wanted, { runs, seed });
  const done = wanted.map((job) => [jobs[job], results.get(job)]);
  const { markdown, missed } = energyTableReport(
    runs,
    done.flatMap(([{ entry }, result]) => (entry ? [[entry, result]] : [])),
    done.flatMap(([{ kinds }, result]) => (kinds ? [[kinds, result]] : [])),
  );
  console.log(markdown);
  console.error(`${wanted.length} cells in ${((Date.now() - started) / 1000).toFixed(0)} s on ${threadCount} threads`);
  for (const miss of missed) console.error(`MISSED ${miss}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
}

/** Each thread takes the next cell when it has finished one. */
async function share(wanted, options) {
  const results = new Map();
  const queue = [...wanted];
  await Promise.all(
    Array.from({ length: threadCount }, async () => {
      const worker = new Worker(new URL(import.meta.url), { workerData: options });
      await new Promise((resolve, reject) => {
        const next = () => (queue.length > 0 ? worker.postMessage(queue.shift()) : resolve());
        worker.on('error', reject);
        worker.on('message', ({ job, result }) => {
          results.set(job, result);
          if (process.stderr.isTTY) process.stderr.write(`\r${results.size} of ${results.size + queue.length} cells`);
          next();
        });
        next();
      });
      await worker.terminate();
    }),
  );
  return results;
}
