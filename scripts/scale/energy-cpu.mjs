// Proof with real CPU: requests of three kinds that overlap get the energy that they cost alone. An emulated board, whose power
// follows the CPU time of the load and of strangers and moves for other reasons too, is read by the receiver of boards, and
// its samples reach the load over the sample bus.
//   npm run test:scale -- energy-cpu
//   node scripts/scale/energy-cpu.mjs [--runs 9] [--seconds 4] [--only "10, 50 %"]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuBench, restWatts, wattsPerProcessor } from './energy-cpu/bench.mjs';
import { ProofFailure } from './failure.mjs';

/** How far the mean of a kind, median of the runs, may lie outside the two costs alone, as a share of the nearer one. */
const greatestError = 0.05;
const defaultRuns = 9;
const defaultSeconds = 4;
const kindNames = ['waits', 'works', 'both'];
const allCells = [1, 10, 100].flatMap((concurrent) => [0, 0.5, 1].map((strangers) => ({ concurrent, strangers })));
/** Enough of one kind at a time that the process itself costs little, and no more than the processor has time for. */
const atOnceAlone = { waits: 4, works: 1, both: 2 };
const load = new URL('./energy-cpu/load.mjs', import.meta.url).pathname;
const stranger = new URL('./energy-cpu/stranger.mjs', import.meta.url).pathname;

export const proof = {
  name: 'energy-cpu',
  what: `Three kinds of request that overlap on one event loop, 1, 10 and 100 at a time, next to strangers that use 0, 50 and 100 % of a processor: divided by CPU time and the share of the process, the energy of each kind lies between its two costs alone, or within ${greatestError * 100} % of them, median of ${defaultRuns} runs. Equal shares do not. The lower cost alone is the CPU time within its requests, which the load counts itself, and that of the other threads; the upper one has also what the thread does between requests (event loop, timers), which belongs to no span. On a machine that nothing else uses.`,
  run: () => prove({ runs: defaultRuns, seconds: defaultSeconds, only: '' }),
};

/** @param {{ runs: number, seconds: number, only: string }} options */
async function prove({ runs, seconds, only }) {
  const cells = allCells.filter((cell) => nameOf(cell).includes(only));
  const truth = await costsAlone(seconds);
  const figures = {
    alone: kindNames.map((kind) => `${kind} ${truth[kind].inRequests.toFixed(2)} J`).join(', '),
    'alone, with event loop and timers': kindNames.map((kind) => `${kind} ${truth[kind].all.toFixed(2)} J`).join(', '),
  };
  const faults = [];
  for (const cell of cells) {
    const results = [];
    for (let run = 0; run < runs; run++) {
      results.push(
        await measured({ ...cell, kinds: kindNames, seconds, seed: 1 + run + 100 * allCells.indexOf(cell) }),
      );
    }
    const errorsOf = (way, of = 'inRequests') =>
      kindNames.map((kind) =>
        median(results.map(({ kinds }) => (kinds[kind][way] ?? Number.POSITIVE_INFINITY) / truth[kind][of] - 1)),
      );
    const [weighted, weightedOfAll] = [errorsOf('weighted'), errorsOf('weighted', 'all')];
    const [equal, equalOfAll] = [errorsOf('equal'), errorsOf('equal', 'all')];
    figures[nameOf(cell)] =
      `by CPU time ${percents(weighted)}; equal ${percents(equal)}; by CPU time, to all of alone ${percents(weightedOfAll)}`;
    if (process.stderr.isTTY) console.error(`${nameOf(cell)}: ${figures[nameOf(cell)]}`);
    if (!liesBetween(weighted, weightedOfAll))
      faults.push(
        `${nameOf(cell)}: by CPU time ${percents(weighted)}, of the cost with event loop ${percents(weightedOfAll)}`,
      );
    // One request at a time without strangers has nothing to divide.
    const isDivided = cell.concurrent > 1 || cell.strangers > 0;
    if (isDivided && liesBetween(equal, equalOfAll)) faults.push(`${nameOf(cell)}: equal shares hold too`);
  }
  if (faults.length > 0) throw new ProofFailure(faults.join('; '), figures);
  return figures;
}

/** Whether each kind is neither below its lower cost alone nor above its upper one, by the errors to both. */
function liesBetween(ofLower, ofUpper) {
  return ofLower.every((error, k) => error >= -greatestError && ofUpper[k] <= greatestError);
}

/**
 * Joules of a request of each kind while no other kind runs, by construction of the bench. `inRequests`: the CPU time of
 * the thread within requests, and that of the other threads of the process. `all`: the CPU time of the process, so what
 * the thread does between requests too. Both beyond what the process uses without requests (it reads the samples of the
 * meter, twenty a second).
 */
async function costsAlone(seconds) {
  const rest = await measured({ concurrent: 0, strangers: 0, kinds: [], seconds, seed: 7 });
  const costs = {};
  for (const kind of kindNames) {
    const concurrent = atOnceAlone[kind];
    const alone = await measured({ concurrent, strangers: 0, kinds: [kind], seconds, seed: 7 });
    const scale = alone.seconds / rest.seconds;
    const others = alone.otherThreadsSeconds - rest.otherThreadsSeconds * scale;
    const joules = (cpuSeconds) => (wattsPerProcessor * cpuSeconds) / alone.kinds[kind].count;
    costs[kind] = {
      inRequests: joules(alone.inRequestsSeconds + others),
      all: joules(alone.cpuSeconds - rest.cpuSeconds * scale),
    };
  }
  return costs;
}

/** One run of the load in a process of its own. */
async function measured({ concurrent, strangers, kinds, seconds, seed }) {
  const { emulateBoard } = await import('../../packages/emulator/dist/index.js');
  const { benchlabReceiver } = await import('../../packages/hw-receivers/dist/index.js');
  const { SampleBus } = await import('../../packages/wire/dist/index.js');
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-energy-cpu-'));
  const bus = new SampleBus({ path: join(folder, 'agent.sock') });
  const others = strangers > 0 ? [spawn(process.execPath, [stranger, String(strangers)], { stdio: 'ignore' })] : [];
  await bus.start();
  const options = { socket: bus.path, concurrent, seconds, kinds, seed, restWatts };
  const child = spawn(process.execPath, [load, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pids = [child.pid, process.pid, ...others.map(({ pid }) => pid)];
  const board = await emulateBoard({ bench: cpuBench(pids, seed) });
  const receiver = benchlabReceiver({ ports: [board.path] });
  try {
    await receiver.start(bus);
    return JSON.parse(await outputOf(child));
  } finally {
    for (const each of [child, ...others]) each.kill('SIGKILL');
    await receiver.stop();
    await bus.stop();
    await board.close();
    rmSync(folder, { recursive: true });
  }
}

function outputOf(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`The load ended with ${signal ?? code}.`));
    });
  });
}

function nameOf({ concurrent, strangers }) {
  return `${concurrent} at a time, strangers ${strangers * 100} %`;
}

function percents(errors) {
  const percent = (error) =>
    error === Number.POSITIVE_INFINITY ? 'no figure' : `${error >= 0 ? '+' : ''}${(100 * error).toFixed(1)} %`;
  return errors.map((error, k) => `${kindNames[k]} ${percent(error)}`).join(', ');
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: String(defaultRuns) },
      seconds: { type: 'string', default: String(defaultSeconds) },
      only: { type: 'string', default: '' },
    },
  });
  const shown = (figures) => {
    for (const [key, value] of Object.entries(figures)) console.log(`${key}: ${value}`);
  };
  await prove({ runs: Number(values.runs), seconds: Number(values.seconds), only: values.only }).then(
    shown,
    (error) => {
      shown(error.figures ?? {});
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
